// What went wrong with a call, and how it is shown.

import { html } from './elements.js';
import { duration } from './words.js';

/** A refusal of the server, or its silence (status 0). */
export class Problem extends Error {
  constructor({ message, status = 0, code = '', param = null, retryAfter = null }) {
    super(message);
    Object.assign(this, { status, code, param, retryAfter });
  }

  get isSilence() {
    return this.status === 0;
  }
}

/** Reads the envelope of a refusal; whatever stands between us and the server may answer something else. */
export async function readProblem(response) {
  const seconds = Number(response.headers.get('Retry-After'));
  const retryAfter = Number.isFinite(seconds) && seconds > 0 ? seconds : null;
  const status = response.status;
  try {
    const { message, code, param } = (await response.json()).error;
    return new Problem({ message, code, param, status, retryAfter });
  } catch {
    return new Problem({ message: `The server answered with status ${status}.`, status, retryAfter });
  }
}

export const silent = () => new Problem({ message: 'The server does not answer.' });

const countdowns = new WeakMap();

/** Shows a problem in its place; null takes it away. When to try again counts down. */
export function showProblem(place, problem) {
  clearInterval(countdowns.get(place));
  if (!problem) return place.replaceChildren();
  const wait = html('span', { class: 'wait' });
  place.replaceChildren(html('p', {}, html('span', { text: problem.message }), problem.retryAfter ? [' ', wait] : null));
  if (problem.retryAfter) countDown(place, wait, Date.now() + 1000 * problem.retryAfter);
}

function countDown(place, wait, end) {
  const tell = () => {
    const left = (end - Date.now()) / 1000;
    wait.textContent = left > 0 ? `Try again in ${duration(Math.ceil(left))}.` : 'You can try again now.';
    if (left <= 0) clearInterval(countdowns.get(place));
  };
  tell();
  // Each change would be read out by screen readers; the first one is enough.
  wait.setAttribute('aria-live', 'off');
  countdowns.set(place, setInterval(tell, 1000));
}
