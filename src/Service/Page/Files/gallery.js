// All videos of this user, newest first, in pages.

import { byId } from './elements.js';
import { cardOf } from './card.js';
import { showProblem } from './problem.js';
import { changes, list, loadMore, state } from './videos.js';

const cards = new Map();

export function startGallery() {
  changes.addEventListener('list', draw);
  changes.addEventListener('video', ({ detail: { id } }) => cards.get(id)?.update());
  byId('videos').addEventListener('keydown', move);
  byId('more').addEventListener('click', more);
}

/** Redraws what depends on something else than the videos. */
export function updateCards() {
  for (const card of cards.values()) card.update();
}

/** Puts the focus on a video's card, if it is there. */
export function focusCard(id) {
  cards.get(id)?.link.focus();
}

function draw() {
  const videos = list();
  const place = byId('videos');
  for (const [id, card] of cards) {
    if (videos.some(video => video.id === id)) continue;
    card.close();
    card.element.remove();
    cards.delete(id);
  }
  videos.forEach((video, at) => {
    if (!cards.has(video.id)) cards.set(video.id, cardOf(video.id));
    const { element } = cards.get(video.id);
    // What stands right already stays, with its focus and what it plays.
    if (place.children[at] !== element) place.insertBefore(element, place.children[at] ?? null);
  });
  byId('empty').hidden = !state.isLoaded || videos.length > 0;
  byId('more').hidden = !state.hasMore;
}

async function more(event) {
  const button = event.currentTarget;
  const before = list().length;
  button.disabled = true;
  try {
    await loadMore();
    showProblem(byId('gallery-problem'), null);
    // The button may be gone; the first of the new ones goes on from there.
    if (button.hidden) focusCard(list()[before]?.id);
  } catch (problem) {
    showProblem(byId('gallery-problem'), problem);
  } finally {
    button.disabled = false;
  }
}

const steps = {
  ArrowRight: () => 1, ArrowLeft: () => -1, ArrowDown: columns => columns, ArrowUp: columns => -columns, Home: () => -Infinity, End: () => Infinity,
};

function move(event) {
  const links = [...document.querySelectorAll('.card-link')];
  const at = links.indexOf(event.target);
  const step = steps[event.key];
  if (at < 0 || !step || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  const tops = links.map(link => link.closest('.card').offsetTop);
  const columns = tops.filter(top => top === tops[0]).length;
  const to = at + step(columns);
  if (Number.isFinite(to) && (to < 0 || to >= links.length)) return;
  links[Math.min(Math.max(to, 0), links.length - 1)].focus();
}
