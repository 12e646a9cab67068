// Server-sent events over fetch: EventSource can send no key.

import { send } from './api.js';

// The server says something at least every 15 s, and the first thing at once; a proxy that holds everything back is as good as no stream.
const firstPatience = 6_000;
const patience = 40_000;

/** Reads a stream: `tell` gets each event as { type, data, id }. Resolves when the stream ends, and throws when it breaks. */
export async function readEvents(path, { lastId, signal, tell }) {
  const watch = new AbortController();
  let timer = setTimeout(() => watch.abort(), firstPatience);
  const both = AbortSignal.any([signal, watch.signal]);
  try {
    const headers = { Accept: 'text/event-stream', ...(lastId ? { 'Last-Event-ID': lastId } : {}) };
    const response = await send(path, { headers, signal: both, isStream: true });
    await parse(response.body.pipeThrough(new TextDecoderStream()).getReader(), event => {
      clearTimeout(timer);
      timer = setTimeout(() => watch.abort(), patience);
      tell(event);
    });
  } finally {
    clearTimeout(timer);
  }
}

async function parse(reader, tell) {
  let rest = '';
  let event = { type: 'message', data: [], id: undefined };
  while (true) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split(/\r\n|\n|\r/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === '') {
        if (event.data.length) tell({ ...event, data: event.data.join('\n') });
        event = { type: 'message', data: [], id: event.id };
      } else {
        take(event, line);
      }
    }
  }
}

function take(event, line) {
  const at = line.indexOf(':');
  const [name, value] = at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1).replace(/^ /, '')];
  if (name === 'event') event.type = value;
  else if (name === 'data') event.data.push(value);
  else if (name === 'id') event.id = value;
}
