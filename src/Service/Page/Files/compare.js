// The same request with full and with sparse attention, side by side and in step.

import { button, calm, html, icon } from './elements.js';
import { show } from './media.js';
import { previewOf } from './previews.js';
import { progressOf } from './progress.js';
import { leave } from './route.js';
import { inStep } from './step.js';
import { find } from './videos.js';
import { attentionDetails, hasFile, isActive, isSparse, measured, methodName, outcome, settings } from './words.js';

/** Fills the view with two videos; gives { update, close }. */
export function openCompare(view, fullId, sparseId) {
  const panes = [paneOf(fullId), paneOf(sparseId)];
  const verdict = html('p', { class: 'verdict' });
  const transport = html('div', { class: 'transport' });
  const video = find(fullId);
  const shared = settings(video).filter(([name]) => !['Attention', 'Made in', 'Asked for', 'Kept until'].includes(name));
  view.replaceChildren(html('div', { class: 'compare' },
    html('h2', { id: 'view-title', text: video.prompt }),
    html('div', { class: 'panes' }, panes.map(pane => pane.element)), transport, verdict,
    html('details', { class: 'fold' }, html('summary', { text: 'What both have in common' }),
      html('dl', { class: 'settings' }, shared.map(([name, text]) => html('div', {}, html('dt', { text: name }), html('dd', { text })))))));
  let player = null;
  const update = () => {
    if (!find(fullId) || !find(sparseId)) return leave();
    panes.forEach(pane => pane.update());
    verdict.textContent = verdictOf(find(fullId), find(sparseId));
    if (!player && panes.every(pane => pane.film)) player = playTogether(transport, panes.map(pane => pane.film), find(fullId));
  };
  update();
  return { update, close() { player?.close(); panes.forEach(pane => pane.close()); } };
}

function paneOf(id) {
  const { attention } = find(id);
  const title = isSparse(find(id)) ? methodName(attention.method) : 'Full attention';
  const stage = html('div', { class: 'stage' });
  const time = html('span', { class: 'time' });
  const about = html('figcaption', {}, html('strong', { text: title }), time, html('span', { class: 'quiet', text: attentionDetails(attention) || 'Every token sees every token.' }));
  const element = html('figure', { class: 'pane', 'data-id': id }, about, stage);
  const pane = { element, film: null, kind: null, progress: null, release: null };
  pane.update = () => {
    const video = find(id);
    const kind = isActive(video) ? 'active' : hasFile(video) ? 'file' : 'none';
    time.textContent = video.inference_time_s === null ? '' : measured(video.inference_time_s);
    if (kind !== pane.kind) drawPane(pane, stage, video, kind);
    pane.progress?.update();
    const preview = previewOf(id);
    if (kind === 'active' && preview) stage.replaceChildren(html('img', { src: preview, alt: 'Preview', class: 'preview' }));
  };
  pane.close = () => pane.release?.();
  return pane;
}

function drawPane(pane, stage, video, kind) {
  pane.kind = kind;
  pane.progress?.element.remove();
  pane.progress = kind === 'active' ? progressOf(video.id) : null;
  if (pane.progress) pane.element.append(pane.progress.element);
  const [width, height] = video.size.split('x');
  stage.style.setProperty('--ratio', `${width} / ${height}`);
  if (kind === 'file') {
    pane.film = html('video', { playsinline: true, 'aria-label': pane.element.querySelector('strong').textContent });
    pane.film.muted = true;
    pane.release = show(pane.film, video.id, 'video', problem => stage.replaceChildren(html('p', { class: 'problem', text: problem.message })));
    stage.replaceChildren(pane.film);
  } else {
    stage.replaceChildren(html('p', { class: 'quiet', text: kind === 'active' ? 'It is being made.' : video.error?.message || outcome(video) }));
  }
}

function playTogether(place, [first, second], { fps, num_frames: frames }) {
  const face = html('span', {});
  const play = button('Play', () => player.toggle(), { class: 'play-button primary' });
  play.prepend(face);
  const at = html('output', { class: 'quiet' });
  const slider = html('input', { type: 'range', min: 0, max: frames - 1, step: 1, value: 0, 'aria-label': 'Frame', oninput: () => player.seek((Number(slider.value) + 0.5) / fps) });
  let shown = null;
  const player = inStep(first, second, fps, (seconds, isPlaying) => {
    const frame = Math.min(Math.floor(seconds * fps + 1e-3), frames - 1);
    if (shown?.frame !== frame) {
      at.textContent = `${frame + 1} / ${frames}`;
      slider.value = frame;
    }
    if (shown?.isPlaying !== isPlaying) {
      face.replaceChildren(icon(isPlaying ? 'pause' : 'play'));
      play.lastChild.textContent = isPlaying ? 'Pause' : 'Play';
    }
    shown = { frame, isPlaying };
  });
  place.replaceChildren(play, slider, at);
  const ready = [first, second].map(film => film.readyState >= 3 ? null : new Promise(resolve => film.addEventListener('canplay', resolve, { once: true })));
  if (!calm()) Promise.all(ready).then(() => player.toggle());
  return player;
}

function verdictOf(full, sparse) {
  if ([full, sparse].some(isActive)) return 'Both play in step as soon as they are finished.';
  if (full.inference_time_s === null || sparse.inference_time_s === null) return '';
  const ratio = full.inference_time_s / sparse.inference_time_s;
  const times = `${measured(full.inference_time_s)} with full attention, ${measured(sparse.inference_time_s)} with sparse attention`;
  const found = ratio > 1.02 ? `sparse was ${ratio.toFixed(2)} times as fast` : ratio < 0.98 ? 'sparse was slower, as it can be for small videos' : 'no difference worth mentioning';
  return `${times}: ${found}. One run each; whatever else the machine did counts too.`;
}
