// The newest small picture of each video that is being made.

import { send } from './api.js';
import { changes, find } from './videos.js';
import { isActive } from './words.js';

const pictures = new Map();

export const previewOf = id => pictures.get(id)?.url ?? null;

/** Fetches the newest preview of a video, if there is one that is not here already. */
export async function loadPreview(id, signal) {
  const video = find(id);
  const every = video?.preview_every_steps;
  if (!every || video.phase !== 'denoise' || video.step < every) return;
  const step = video.step - video.step % every;
  const own = pictures.get(id) ?? { step: -1, url: null };
  if (own.step === step) return;
  pictures.set(id, { ...own, step });
  try {
    const picture = await (await send(`v1/videos/${id}/preview`, { signal })).blob();
    // It may have ended meanwhile, and then nobody would take the picture away.
    if (isActive(find(id) ?? { status: '' })) replace(id, { step, url: URL.createObjectURL(picture) });
  } catch {
    // Asked for again with the next news.
    pictures.set(id, own);
  }
}

function replace(id, picture) {
  const old = previewOf(id);
  if (picture) pictures.set(id, picture);
  else pictures.delete(id);
  changes.dispatchEvent(new CustomEvent('video', { detail: { id } }));
  if (old) URL.revokeObjectURL(old);
}

changes.addEventListener('video', ({ detail: { id } }) => {
  const video = find(id);
  if (pictures.has(id) && (!video || !isActive(video))) replace(id, null);
});
