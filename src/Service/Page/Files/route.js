// Which view is open, as the page's address says: #/videos/{id}, #/compare/{id}/{id}, or nothing.

const pattern = /^#\/(?:videos\/(video_[0-9a-f]{32})|compare\/(video_[0-9a-f]{32})\/(video_[0-9a-f]{32}))$/;

/** What is open: { video }, { full, sparse } or {}. */
export function route() {
  const [, video, full, sparse] = pattern.exec(location.hash) ?? [];
  return video ? { video } : full ? { full, sparse } : {};
}

export const videoAddress = id => `#/videos/${id}`;
export const compareAddress = (full, sparse) => `#/compare/${full}/${sparse}`;

let changed = () => {};
let isLeaving = false;

/** Calls `change` whenever another view is to be shown. */
export function onRoute(change) {
  changed = change;
  addEventListener('popstate', () => { isLeaving = false; change(); });
}

export function go(address) {
  history.pushState({ isOurs: true }, '', address);
  changed();
}

/** Goes back to where the view was opened from; a view that was opened by its address has no such place. */
export function leave() {
  if (isLeaving) return;
  if (history.state?.isOurs) {
    isLeaving = true;
    return history.back();
  }
  history.replaceState(null, '', location.pathname + location.search);
  changed();
}

/** Goes to the page itself, whatever is open. */
export function goHome() {
  if (location.hash) go(location.pathname + location.search);
}
