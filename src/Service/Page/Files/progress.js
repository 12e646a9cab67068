// How far a video is: a bar, words, and a button that cancels it.

import { button, html } from './elements.js';
import { showProblem } from './problem.js';
import { cancel, find, state } from './videos.js';
import { progressText } from './words.js';

/** Gives { element, update } for a video that is not finished. */
export function progressOf(id) {
  const text = html('span', { class: 'progress-text' });
  const percent = html('span', { class: 'percent' });
  const bar = html('progress', { max: 100, 'aria-label': 'Progress' });
  const problem = html('div', { class: 'problem', role: 'alert' });
  const stop = button('Cancel', async () => {
    showProblem(problem, null);
    stop.disabled = true;
    stop.lastChild.textContent = 'Cancelling…';
    try {
      await cancel(id);
    } catch (error) {
      stop.disabled = false;
      stop.lastChild.textContent = 'Cancel';
      // Finished in the meantime: the next news of it says so.
      if (error.status !== 409) showProblem(problem, error);
    }
  }, { class: 'cancel' });
  const element = html('div', { class: 'progress' }, html('p', {}, text, percent), bar, stop, problem);
  const update = () => {
    const video = find(id);
    if (!video) return;
    const isWaiting = video.status === 'queued';
    text.textContent = progressText(video, state.secondsPerVideo);
    percent.textContent = isWaiting ? '' : `${video.progress} %`;
    bar.value = video.progress;
    bar.classList.toggle('waiting', isWaiting);
  };
  update();
  return { element, update };
}
