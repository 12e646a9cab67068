// One video in the gallery.

import { calm, html, icon } from './elements.js';
import { show } from './media.js';
import { previewOf } from './previews.js';
import { progressOf } from './progress.js';
import { go, videoAddress } from './route.js';
import { find } from './videos.js';
import { hasFile, isActive, isSparse, lengthOf, outcome } from './words.js';

const hoverDelay = 150;

/** Gives { element, link, update, close } for a video. */
export function cardOf(id) {
  const frame = html('span', { class: 'frame' });
  const prompt = html('span', { class: 'card-prompt' });
  const about = html('span', { class: 'card-about quiet' });
  const open = event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(videoAddress(id));
  };
  const link = html('a', { href: videoAddress(id), class: 'card-link', onclick: open }, frame, prompt, about);
  const element = html('li', { class: 'card', 'data-id': id }, link);
  const parts = { element, link, frame, prompt, about, picture: null, progress: null, kind: null };
  const stopHover = playOnHover(parts, id);

  const update = () => {
    const video = find(id);
    if (!video) return;
    prompt.textContent = video.prompt;
    about.replaceChildren(...aboutOf(video));
    const kind = isActive(video) ? 'active' : hasFile(video) ? 'file' : 'none';
    if (kind !== parts.kind) change(parts, id, kind);
    parts.progress?.update();
    if (kind === 'active') showPreview(parts, id);
    link.setAttribute('aria-label', `${video.prompt}. ${isActive(video) ? 'Being made' : outcome(video)}, ${lengthOf(video)}`);
  };
  update();
  return { element, link, update, close() { stopHover(); parts.picture?.(); } };
}

function aboutOf(video) {
  const badges = [isSparse(video) ? html('span', { class: 'badge', text: 'sparse' }) : null];
  if (!isActive(video) && !hasFile(video)) badges.unshift(html('span', { class: video.status === 'failed' ? 'badge bad' : 'badge', text: outcome(video) }));
  return [...badges.filter(Boolean), html('span', { text: `${video.size.replace('x', ' × ')}, ${lengthOf(video)}` })];
}

function change(parts, id, kind) {
  parts.kind = kind;
  parts.picture?.();
  parts.picture = null;
  parts.frame.replaceChildren();
  parts.element.classList.toggle('active', kind === 'active');
  parts.progress?.element.remove();
  parts.progress = kind === 'active' ? progressOf(id) : null;
  if (parts.progress) parts.element.append(parts.progress.element);
  if (kind !== 'file') return;
  const picture = html('img', { alt: '', onerror: () => picture.remove() });
  parts.picture = show(picture, id, 'thumbnail', () => picture.remove());
  parts.frame.append(picture, html('span', { class: 'play' }, icon('play')));
}

function showPreview({ frame }, id) {
  const url = previewOf(id);
  const shown = frame.querySelector('img');
  if (url && shown?.src !== url) frame.replaceChildren(html('img', { alt: '', src: url, class: 'preview' }));
}

// A mouse that rests on a video, or the keyboard's focus, plays it; who wants calm opens it instead.
function playOnHover({ link, frame }, id) {
  let timer = 0;
  let stop = null;
  const begin = () => {
    end();
    if (calm() || !hasFile(find(id) ?? { status: '' })) return;
    timer = setTimeout(() => {
      const video = html('video', { loop: true, playsinline: true, 'aria-hidden': 'true', tabindex: -1, onplaying: () => video.classList.add('playing') });
      video.muted = true;
      const release = show(video, id, 'video');
      frame.append(video);
      stop = () => { release(); video.remove(); };
      video.oncanplay = () => video.play().catch(() => {});
    }, hoverDelay);
  };
  const end = () => {
    clearTimeout(timer);
    stop?.();
    stop = null;
  };
  link.addEventListener('pointerenter', event => { if (event.pointerType === 'mouse') begin(); });
  link.addEventListener('pointerleave', end);
  link.addEventListener('focus', () => { if (link.matches(':focus-visible')) begin(); });
  link.addEventListener('blur', end);
  return end;
}
