// The videos that the page knows, newest first.

import { call, get, post, send } from './api.js';
import { isActive } from './words.js';

const pageSize = 24;
const known = new Map();
let order = [];

/** Tells about "list" (which there are) and "video" (detail: the id of one that changed). */
export const changes = new EventTarget();

export const state = { hasMore: false, isLoaded: false, secondsPerVideo: null };

export const find = id => known.get(id) ?? null;
export const list = () => order.map(id => known.get(id));
export const activeOnes = () => [...known.values()].filter(isActive);

const tellList = () => changes.dispatchEvent(new Event('list'));

/** Takes over what the server says about a video, whole or in part. */
export function put(video) {
  const before = known.get(video.id);
  // A list does not know places in the queue.
  const place = video.queue_position ?? (video.status === 'queued' ? before?.queue_position ?? null : null);
  known.set(video.id, { ...before, ...video, queue_position: place });
  changes.dispatchEvent(new CustomEvent('video', { detail: { id: video.id, before } }));
  return known.get(video.id);
}

/** A video that was just made stands first. */
export function add(video) {
  order = [video.id, ...order.filter(id => id !== video.id)];
  put(video);
  tellList();
}

export function forget(id) {
  known.delete(id);
  order = order.filter(other => other !== id);
  changes.dispatchEvent(new CustomEvent('video', { detail: { id } }));
  tellList();
}

/** Another key sees other videos. */
export function forgetAll() {
  known.clear();
  order = [];
  tellList();
}

/** Loads the newest ones anew, as many as are shown. */
export async function reload() {
  const page = await get(`v1/videos?limit=${Math.min(100, Math.max(pageSize, order.length))}`);
  // What was loaded beyond a page stays.
  const rest = page.has_more && order.includes(page.last_id) ? order.slice(order.indexOf(page.last_id) + 1) : [];
  const hasMore = rest.length ? state.hasMore : page.has_more;
  order = [];
  takePage({ data: [...page.data, ...rest.map(find)], has_more: hasMore });
}

export async function loadMore() {
  takePage(await get(`v1/videos?limit=${pageSize}&after=${order.at(-1)}`));
}

function takePage(page) {
  for (const video of page.data) {
    if (!order.includes(video.id)) order.push(video.id);
    put(video);
  }
  Object.assign(state, { hasMore: page.has_more, isLoaded: true });
  tellList();
}

/** Asks for one video; gives it with the server's wish when to ask again. */
export async function refresh(id, signal) {
  const { reply, pollAfter } = await call(`v1/videos/${id}`, { signal });
  return { video: put(reply), pollAfter };
}

export async function cancel(id) {
  put(await post(`v1/videos/${id}/cancel`));
}

export async function remove(id) {
  await send(`v1/videos/${id}`, { method: 'DELETE' });
  forget(id);
}

/** Everything that decides about a video's frames but how attention is computed. */
const alikeKeys = ['model', 'prompt', 'size', 'num_frames', 'fps', 'seed', 'num_inference_steps', 'guidance_scale', 'flow_shift', 'scheduler', 'negative_prompt'];

/** A request for a video again. Attention, and whatever else is given, replaces what it has. */
export function requestOf(video, changed = {}) {
  const same = Object.fromEntries(alikeKeys.map(key => [key, video[key]]));
  return { ...same, attention: video.attention, ...changed };
}

/** The newest usable video that differs from this one in attention as `fits` says; null when there is none among the last few hundred. */
export async function findAlike(video, fits) {
  const isAlike = other => other.id !== video.id && other.status !== 'failed' && alikeKeys.every(key => other[key] === video[key]) && fits(other);
  const here = list().find(isAlike);
  if (here) return here;
  let after = order.at(-1);
  for (let pages = state.hasMore ? 3 : 0; pages > 0; pages--) {
    const page = await get(`v1/videos?limit=100&after=${after}`);
    const found = page.data.find(isAlike);
    if (found) return put(found);
    if (!page.has_more) break;
    after = page.last_id;
  }
  return null;
}
