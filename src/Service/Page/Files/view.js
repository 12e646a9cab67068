// The dialog that shows one video, or two of them: which one the page's address says.

import { openCompare } from './compare.js';
import { openDetail } from './detail.js';
import { button, byId, html } from './elements.js';
import { setFocus } from './follow.js';
import { focusCard } from './gallery.js';
import { leave, onRoute, route } from './route.js';
import { changes, find, refresh } from './videos.js';

let open = null;

/** Begins to follow the address. `again` fills the form with a video's settings. */
export function startView(again) {
  const dialog = byId('view');
  dialog.addEventListener('cancel', event => { event.preventDefault(); leave(); });
  // A second Escape closes it whatever we say. The event comes late: the next view may be open by then.
  dialog.addEventListener('close', () => { if (open && !dialog.open) leave(); });
  dialog.addEventListener('click', event => { if (event.target === dialog) leave(); });
  changes.addEventListener('video', ({ detail: { id } }) => { if (open?.ids.includes(id)) open.content?.update(); });
  onRoute(() => follow(dialog, again));
  return follow(dialog, again);
}

async function follow(dialog, again) {
  const { video, full, sparse } = route();
  const last = open?.ids[0];
  open?.content?.close();
  open = null;
  if (!video && !full) {
    dialog.close();
    dialog.replaceChildren();
    setFocus(null);
    if (last) focusCard(last);
    return;
  }
  const ids = video ? [video] : [full, sparse];
  const own = open = { ids, content: null };
  const body = html('div', { class: 'view-body' });
  dialog.replaceChildren(html('div', { class: 'view-bar' }, button('Close', leave, { class: 'plain close', 'aria-label': 'Close' }, 'close')), body);
  dialog.setAttribute('aria-labelledby', 'view-title');
  if (!dialog.open) dialog.showModal();
  dialog.querySelector('.close').focus();
  dialog.scrollTop = 0;
  try {
    await Promise.all(ids.map(id => find(id) ?? refresh(id)));
    if (open !== own) return;
    setFocus(ids.find(id => find(id)?.status === 'in_progress') ?? ids.at(-1));
    own.content = video ? openDetail(body, video, again) : openCompare(body, full, sparse);
  } catch (problem) {
    if (open === own) body.replaceChildren(html('h2', { id: 'view-title', text: 'This video cannot be shown' }), html('p', { class: 'problem', role: 'alert', text: problem.message }));
  }
}
