// Calls of the API. Every failure is a Problem; where a key is needed it is asked for, and then the call goes on.

import { askForKey, currentKey } from './key.js';
import { readProblem, silent } from './problem.js';

const patience = 30_000;
const longestQuietWait = 10;

/** Tells when the server is silent ("lost") and when it is there again ("found"). */
export const connection = Object.assign(new EventTarget(), { isLost: false });

export const pause = (milliseconds, signal) => new Promise((resolve, reject) => {
  if (signal?.aborted) return reject(signal.reason);
  const stop = () => { clearTimeout(timer); reject(signal.reason); };
  const timer = setTimeout(() => { signal?.removeEventListener('abort', stop); resolve(); }, milliseconds);
  signal?.addEventListener('abort', stop, { once: true });
});

export function setLost(isLost) {
  if (connection.isLost === isLost) return;
  connection.isLost = isLost;
  connection.dispatchEvent(new Event(isLost ? 'lost' : 'found'));
}

/** The address of a path of the API, relative to the page: the server may lie below a proxy's prefix. */
export const address = path => new URL(path, document.baseURI).href;

/** Sends a request and gives the response of a success. Problems are thrown; so is an AbortError. */
export async function send(path, options = {}) {
  for (let tries = 0; ; tries++) {
    const key = currentKey();
    const response = await attempt(path, options, key);
    if (response.ok || response.status === 304) return response;
    const problem = await readProblem(response);
    if (problem.status === 401) {
      // Another call may have been told the new key meanwhile.
      if (key !== currentKey() || await askForKey()) continue;
      problem.message = 'This server needs an API key: press “Enter a key” at the top.';
    }
    const mayRepeat = (options.method ?? 'GET') === 'GET' && !options.isStream && problem.status === 429 && problem.retryAfter <= longestQuietWait && tries < 2;
    if (!mayRepeat) throw problem;
    await pause(1000 * (problem.retryAfter ?? 1), options.signal);
  }
}

async function attempt(path, { method = 'GET', body, headers = {}, signal, isStream = false }, key) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), patience);
  const all = { ...headers, ...(key ? { Authorization: `Bearer ${key}` } : {}), ...(body ? { 'Content-Type': 'application/json' } : {}) };
  try {
    const response = await fetch(address(path), { method, headers: all, body: body && JSON.stringify(body), signal: signal ? AbortSignal.any([signal, limit.signal]) : limit.signal, cache: isStream ? 'no-store' : 'default' });
    setLost(false);
    return response;
  } catch (error) {
    if (signal?.aborted) throw error;
    // A stream may be what a proxy on the way does not like; the question that follows finds out.
    if (!isStream) setLost(true);
    throw silent();
  } finally {
    clearTimeout(timer);
  }
}

/** A reply as an object, with the server's wish when to ask again, milliseconds, or null. */
export async function call(path, options) {
  const response = await send(path, options);
  const wish = Number(response.headers.get('openai-poll-after-ms'));
  return { reply: await response.json(), pollAfter: wish > 0 ? wish : null };
}

export const get = async (path, options) => (await call(path, options)).reply;

export const post = async (path, body, headers) => (await call(path, { method: 'POST', body, headers })).reply;

/** A name for one request: repeated after a lost answer it makes no second video. */
export const newRequestName = () => [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');
