// Files of videos. Where a key is needed they are fetched with it and shown from memory: no address may carry a key.

import { address, send } from './api.js';
import { currentKey } from './key.js';

const held = new Map();

const pathOf = (id, variant) => `v1/videos/${id}/content?download=0&variant=${variant}`;

/** Gives an address for an element to show, and `release` to call when it shows it no more. */
export function acquire(id, variant) {
  const path = pathOf(id, variant);
  if (!currentKey()) return { url: Promise.resolve(address(path)), release() {} };
  const entry = held.get(path) ?? { url: fetchBlob(path), count: 0 };
  held.set(path, entry);
  entry.count++;
  let isHeld = true;
  return {
    url: entry.url,
    release() {
      if (!isHeld || (isHeld = false, --entry.count > 0)) return;
      held.delete(path);
      entry.url.then(URL.revokeObjectURL, () => {});
    },
  };
}

async function fetchBlob(path) {
  return URL.createObjectURL(await (await send(path)).blob());
}

/** Puts a video into an element; gives the function that takes it out again. Whatever goes wrong is told to `fail`. */
export function show(element, id, variant, fail = () => {}) {
  const file = acquire(id, variant);
  let isShown = true;
  file.url.then(url => { if (isShown) element.src = url; }, fail);
  return () => {
    isShown = false;
    element.removeAttribute('src');
    if (element instanceof HTMLMediaElement) element.load();
    file.release();
  };
}

/** Saves a video as a file of its own name. */
export async function download(id) {
  const file = acquire(id, 'video');
  const link = document.createElement('a');
  try {
    link.href = await file.url;
    link.download = `${id}.mp4`;
    link.click();
  } finally {
    // The browser reads the blob after the click has returned.
    setTimeout(file.release, 60_000);
  }
}
