// Keeps unfinished videos up to date: one of them by a stream of events, some more by asking. Browsers allow six connections to a server, and other tabs need some too.

import { connection, pause } from './api.js';
import { readEvents } from './events.js';
import { loadPreview } from './previews.js';
import { activeOnes, changes, find, forget, put, refresh } from './videos.js';
import { isActive } from './words.js';

const mostFollowed = 6;
const usualWait = 2_000;
const hiddenWait = 5_000;
const troubleWait = 5_000;
const triesOfStream = 3;
const followers = new Map();
let focus = null;

/** The video that is looked at comes first; null: none. */
export function setFocus(id) {
  focus = id;
  arrange();
}

export function startFollowing() {
  for (const type of ['list', 'video']) changes.addEventListener(type, arrange);
  document.addEventListener('visibilitychange', arrange);
  connection.addEventListener('found', () => { stopAll(); arrange(); });
}

/** Begins anew, for example under another key. */
export function stopAll() {
  for (const follower of followers.values()) follower.stop.abort();
  followers.clear();
}

function arrange() {
  const isFirst = video => video.id === focus ? 0 : video.status === 'in_progress' ? 1 : 2;
  const wanted = activeOnes().sort((a, b) => isFirst(a) - isFirst(b) || a.created_at - b.created_at).slice(0, mostFollowed);
  const ways = new Map(wanted.map((video, at) => [video.id, at === 0 && !document.hidden ? stream : ask]));
  for (const [id, follower] of followers) {
    if (ways.get(id) === follower.way) continue;
    follower.stop.abort();
    followers.delete(id);
  }
  for (const [id, way] of ways) if (!followers.has(id)) start(id, way);
}

function start(id, way) {
  const stop = new AbortController();
  const follower = { way, stop };
  followers.set(id, follower);
  way(id, stop.signal).catch(() => {}).finally(() => { if (followers.get(id) === follower && !isUnfinished(id)) followers.delete(id); });
}

const isUnfinished = id => isActive(find(id) ?? { status: '' });

async function ask(id, signal) {
  while (!signal.aborted && isUnfinished(id)) {
    const wait = await askOnce(id, signal);
    await pause(document.hidden ? Math.max(wait, hiddenWait) : wait, signal);
  }
}

/** Asks once; gives the milliseconds until the next question. */
async function askOnce(id, signal) {
  try {
    const { pollAfter } = await refresh(id, signal);
    loadPreview(id, signal);
    return pollAfter ?? usualWait;
  } catch (problem) {
    if (problem.status === 404) forget(id);
    return problem.retryAfter ? 1000 * problem.retryAfter : troubleWait;
  }
}

async function stream(id, signal) {
  let lastId = null;
  let failures = 0;
  const tell = event => {
    failures = 0;
    lastId = event.id ?? lastId;
    take(id, event, signal);
  };
  while (!signal.aborted && isUnfinished(id)) {
    // Where streams do not get through, asking does; now and then the stream is tried again.
    if (failures < triesOfStream || failures % 10 === 0) await readWithPlace(id, { lastId, signal, tell }).catch(() => {});
    if (signal.aborted || !isUnfinished(id)) return;
    failures++;
    const wait = await askOnce(id, signal);
    await pause(failures < triesOfStream ? 500 * 2 ** failures : wait, signal);
  }
}

/** Reads the stream, and while the video waits asks for its place, which the stream does not tell. */
async function readWithPlace(id, { lastId, signal, tell }) {
  const end = new AbortController();
  askForPlace(id, AbortSignal.any([signal, end.signal])).catch(() => {});
  try {
    await readEvents(`v1/videos/${id}/events`, { lastId, signal, tell });
  } finally {
    end.abort();
  }
}

async function askForPlace(id, signal) {
  while (!signal.aborted && find(id)?.status === 'queued') {
    const { pollAfter } = await refresh(id, signal);
    await pause(pollAfter ?? usualWait, signal);
  }
}

function take(id, event, signal) {
  if (event.type === 'ping') return;
  const data = JSON.parse(event.data);
  if (event.type === 'progress') put({ id, status: 'in_progress', ...data });
  else if (event.type !== 'preview') put(data);
  // A preview that was there before the stream began has no event of its own.
  loadPreview(id, signal);
}
