// One video: the film, its settings, and what can be done with it.

import { remix, counterpart } from './again.js';
import { ask } from './ask.js';
import { announce, button, calm, html } from './elements.js';
import { download, show } from './media.js';
import { previewOf } from './previews.js';
import { showProblem } from './problem.js';
import { progressOf } from './progress.js';
import { compareAddress, go, leave } from './route.js';
import { find, remove } from './videos.js';
import { hasFile, isActive, isCanceled, isExpired, isSparse, notesOf, settings } from './words.js';

/** Fills the view with a video; gives { update, close }. `again` fills the form with a video's settings. */
export function openDetail(view, id, again) {
  const stage = html('div', { class: 'stage' });
  const side = html('div', { class: 'side' });
  const parts = { id, stage, side, kind: null, progress: null, release: null, again };
  view.replaceChildren(html('div', { class: 'detail' }, stage, side));
  const update = () => {
    const video = find(id);
    if (!video) return leave();
    const kind = isActive(video) ? 'active' : hasFile(video) ? 'file' : 'none';
    if (kind !== parts.kind) draw(parts, video, kind);
    parts.progress?.update();
    const preview = previewOf(id);
    if (kind === 'active' && preview) stage.replaceChildren(html('img', { src: preview, alt: 'Preview', class: 'preview' }));
  };
  update();
  return { update, close: () => parts.release?.() };
}

function draw(parts, video, kind) {
  parts.kind = kind;
  parts.release?.();
  parts.release = null;
  parts.progress = kind === 'active' ? progressOf(video.id) : null;
  const [width, height] = video.size.split('x');
  parts.stage.style.setProperty('--ratio', `${width} / ${height}`);
  parts.stage.style.setProperty('--width', width / height);
  parts.stage.replaceChildren(...(kind === 'file' ? [film(parts, video)] : kind === 'active' ? [html('p', { class: 'quiet', text: video.preview_every_steps ? 'The first preview comes after a few steps.' : 'It is being made.' })] : [failure(video)]));
  parts.side.replaceChildren(...sideOf(parts, video).flat().filter(Boolean));
}

function film(parts, video) {
  const element = html('video', { controls: true, loop: true, playsinline: true, 'aria-label': video.prompt, onerror: () => element.src && parts.stage.append(html('p', { class: 'problem', text: 'This video cannot be played.' })) });
  element.muted = true;
  element.autoplay = !calm();
  parts.release = show(element, video.id, 'video', problem => parts.stage.replaceChildren(html('p', { class: 'problem', text: problem.message })));
  return element;
}

function failure(video) {
  if (isExpired(video)) return html('p', { text: 'The file is no longer kept. With the same seed and settings it can be made again, frame by frame the same.' });
  if (isCanceled(video)) return html('p', { text: 'This video was cancelled.' });
  return html('div', { class: 'problem' }, html('p', {}, html('strong', { text: 'This video could not be made. ' }), html('span', { text: video.error?.message ?? '' })));
}

function sideOf(parts, video) {
  const problem = html('div', { class: 'problem', role: 'alert' });
  const attempt = async work => {
    showProblem(problem, null);
    try {
      await work();
    } catch (error) {
      showProblem(problem, error);
    }
  };
  const copy = button('Copy prompt', () => attempt(async () => {
    await copyText(video.prompt);
    copy.lastChild.textContent = 'Copied';
    announce('The prompt was copied.');
    setTimeout(() => copy.lastChild.textContent = 'Copy prompt', 2000);
  }), {}, 'copy');
  return [
    html('h2', { id: 'view-title', text: video.prompt }),
    video.remixed_from_video_id ? html('p', { class: 'quiet', text: 'A remix of another video.' }) : null,
    notesOf(video).map(text => html('p', { class: 'note', text })),
    parts.progress?.element,
    parts.kind === 'file' ? html('p', { class: 'buttons even' },
      button('Download', () => attempt(() => download(video.id)), { class: 'primary' }, 'download'),
      button(isSparse(video) ? 'Compare with full attention' : 'Compare with sparse attention', event => compare(event.currentTarget, attempt, video), { class: 'compare-button' }, 'compare')) : null,
    html('div', { class: 'buttons even', role: 'group', 'aria-label': 'Again with' }, html('h3', { text: 'Again with' }),
      button('the same seed', () => parts.again(video, video.seed), {}, 'again'), button('a new seed', () => parts.again(video, null), {}, 'dice')),
    parts.kind === 'file' ? remixForm(attempt, video) : null,
    problem,
    html('dl', { class: 'settings' }, settings(video).map(([name, text]) => html('div', {}, html('dt', { text: name }), html('dd', { text })))),
    html('p', { class: 'buttons' }, copy, button('Delete', () => attempt(() => removeVideo(video)), { class: 'danger-plain' }, 'trash')),
  ];
}

async function compare(element, attempt, video) {
  element.disabled = true;
  announce('Looking for the same video with the other attention.');
  await attempt(async () => {
    const { full, sparse } = await counterpart(video);
    go(compareAddress(full, sparse));
  });
  element.disabled = false;
}

function remixForm(attempt, video) {
  const text = html('textarea', { rows: 2, id: 'remix-prompt' });
  text.value = video.prompt;
  const submit = async event => {
    event.preventDefault();
    await attempt(async () => {
      const made = await remix(video.id, text.value.trim());
      announce('The remix is in the queue.');
      go(`#/videos/${made.id}`);
    });
  };
  const form = html('form', { onsubmit: submit, novalidate: true }, html('label', { for: 'remix-prompt', text: 'The same settings and seed with another prompt' }), text, html('button', { class: 'primary' }, 'Make the remix'));
  text.addEventListener('keydown', event => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit(); });
  return html('details', { class: 'fold' }, html('summary', { text: 'Remix' }), form);
}

async function removeVideo(video) {
  if (!await ask('Delete this video?', 'Its file and its settings go for good.', 'Delete')) return;
  await remove(video.id);
  announce('The video was deleted.');
}

async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Plain HTTP to another machine: the older way is the only one.
  const area = html('textarea', { class: 'unseen' });
  area.value = text;
  document.querySelector('dialog[open]').append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
