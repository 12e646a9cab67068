// Sends what it is told to with the vendor's own client, unmodified but for address and key.
// One call a line on standard input, as JSON; one answer a line on standard output.
import fs from 'node:fs';
import readline from 'node:readline';
import OpenAI, { toFile } from 'openai';

const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

function clientOf(call) {
  return new OpenAI({
    baseURL: `${call.address}/v1`,
    apiKey: call.key ?? 'none',
    ...(call.key === null && { defaultHeaders: { Authorization: null } }),
    ...(!call.retries && { maxRetries: 0 }),
  });
}

async function fieldsOf(call) {
  const fields = { ...call.fields };
  if (call.file === 'stream') {
    const path = `${process.argv[2]}/reference.png`;
    fs.writeFileSync(path, pixel);
    fields.input_reference = fs.createReadStream(path);
  }
  if (call.file === 'typed') fields.input_reference = await toFile(pixel, 'reference.png', { type: 'image/png' });
  return fields;
}

async function send(call) {
  const client = clientOf(call);
  const options = { headers: call.headers };
  switch (call.operation) {
    case 'models.list':
      return client.models.list(options).asResponse();
    case 'videos.create':
      return call.encoding === 'json'
        ? client.post('/videos', { body: call.fields, ...options }).asResponse()
        : client.videos.create(await fieldsOf(call), options).asResponse();
    case 'videos.retrieve':
      return client.videos.retrieve(call.id, options).asResponse();
    case 'videos.list':
      return client.videos.list(call.query, options).asResponse();
    case 'videos.delete':
      return client.videos.delete(call.id, options).asResponse();
    case 'videos.content':
      return client.videos.downloadContent(call.id, call.query, options);
    case 'videos.remix':
      return client.videos.remix(call.id, call.fields, options).asResponse();
    default: {
      const headers = { ...call.headers, ...(call.contentType && { 'content-type': call.contentType }) };
      return client.request({ method: call.method.toLowerCase(), path: call.path, body: call.body ?? undefined, headers }).asResponse();
    }
  }
}

async function bodyOf(response, call) {
  if (!call.events) return Buffer.from(await response.arrayBuffer());
  // So many events of a stream, then the connection is dropped.
  const chunks = [];
  for await (const chunk of response.body) {
    chunks.push(Buffer.from(chunk));
    if (Buffer.concat(chunks).toString().split('\n\n').length > call.events) break;
  }
  return Buffer.concat(chunks);
}

async function answer(call) {
  try {
    if (call.operation === 'videos.iterate') {
      const ids = [];
      for await (const video of clientOf(call).videos.list(call.query)) ids.push(video.id);
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(ids)).toString('base64') };
    }
    const response = await send(call);
    return { status: response.status, headers: Object.fromEntries(response.headers), body: (await bodyOf(response, call)).toString('base64') };
  } catch (error) {
    if (!(error instanceof OpenAI.APIError) || error.status === undefined) return { status: 0, kind: error.constructor.name, headers: {}, body: Buffer.from(String(error)).toString('base64') };
    const { code, type, param } = error;
    return {
      status: error.status, kind: error.constructor.name, headers: Object.fromEntries(error.headers), requestId: error.requestID, code, type, param,
      body: Buffer.from(JSON.stringify({ error: error.error })).toString('base64'),
    };
  }
}

for await (const line of readline.createInterface({ input: process.stdin })) console.log(JSON.stringify(await answer(JSON.parse(line))));
