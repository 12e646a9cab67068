// Asks before something that cannot be undone.

import { byId } from './elements.js';

/** Resolves to whether the user agrees. Escape is no. */
export function ask(title, text, action) {
  const dialog = byId('ask');
  byId('ask-title').textContent = title;
  byId('ask-text').textContent = text;
  byId('ask-yes').textContent = action;
  dialog.showModal();
  byId('ask-no').focus();
  return new Promise(resolve => {
    const end = answer => {
      dialog.onclose = null;
      dialog.close();
      resolve(answer);
    };
    dialog.querySelector('form').onsubmit = event => {
      event.preventDefault();
      end(true);
    };
    byId('ask-no').onclick = () => end(false);
    // It may be the event of the question before, which comes late.
    dialog.onclose = () => { if (!dialog.open) end(false); };
  });
}
