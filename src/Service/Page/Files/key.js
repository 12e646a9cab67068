// The API key: kept for this tab, sent in a header, asked for when the server wants one.

import { byId } from './elements.js';
import { showProblem } from './problem.js';

const place = 'xvideo.key';
let asking = null;

/** Tells that there is another key now ("changed"). */
export const keys = new EventTarget();

export const currentKey = () => sessionStorage.getItem(place);

export const forgetKey = () => sessionStorage.removeItem(place);

/** Asks for a key, once for all calls that wait for it; null when the user has none. */
export function askForKey() {
  asking ??= ask().finally(() => asking = null);
  return asking;
}

function ask() {
  const [dialog, input] = [byId('key'), byId('key-input')];
  showProblem(byId('key-problem'), currentKey() ? { message: 'The server does not take this key. Look whether it is complete, or whether it was revoked.' } : null);
  input.value = '';
  dialog.showModal();
  input.focus();
  return new Promise(resolve => {
    const form = dialog.querySelector('form');
    const no = byId('key-no');
    const end = key => {
      if (key) sessionStorage.setItem(place, key);
      form.onsubmit = no.onclick = dialog.onclose = null;
      dialog.close();
      resolve(key);
      if (key) keys.dispatchEvent(new Event('changed'));
    };
    form.onsubmit = event => {
      event.preventDefault();
      const key = input.value.trim();
      // A header can hold no more than this, and a key is within it.
      if (/^[\x21-\x7e]+$/.test(key)) end(key);
      else showProblem(byId('key-problem'), { message: key ? 'A key has only letters, digits, - and _.' : 'Type or paste the key first.' });
    };
    no.onclick = () => end(null);
    // It may be the event of an earlier key that was wrong, which comes late.
    dialog.onclose = () => { if (!dialog.open) end(null); };
  });
}
