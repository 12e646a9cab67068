// Videos again, a little changed.

import { post } from './api.js';
import { add, findAlike, requestOf } from './videos.js';
import { isSparse } from './words.js';

/** Creates a video and shows it first. Previews cost next to nothing. */
export async function create(request, name) {
  const video = await post('v1/videos', request, name ? { 'Idempotency-Key': name } : {});
  add(video);
  return video;
}

export const previewEvery = steps => Math.max(1, Math.round((Number(steps) || 20) / 10));

/** A variation: the same settings and seed with another prompt. */
export async function remix(id, prompt) {
  const video = await post(`v1/videos/${id}/remix`, { prompt });
  add(video);
  return video;
}

/**
 * The same video with full attention where this one has sparse, and the other way round: one that is there already, or a new one.
 * Gives both as { full, sparse }.
 */
export async function counterpart(video) {
  const sparse = isSparse(video);
  const other = await findAlike(video, candidate => isSparse(candidate) !== sparse)
    ?? await create(requestOf(video, { attention: { method: sparse ? 'dense' : 'xattention' }, preview_every_steps: previewEvery(video.num_inference_steps) }));
  return sparse ? { full: other.id, sparse: video.id } : { full: video.id, sparse: other.id };
}
