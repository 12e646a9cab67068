// How things are said.

const phases = {
  queued: 'Waiting', loading: 'Loading the model', text_encode: 'Reading the prompt', denoise: 'Denoising', vae_decode: 'Decoding the frames', encode: 'Writing the file', publish: 'Finishing',
};
const methods = { dense: 'Full', xattention: 'Sparse (XAttention)', window: 'Sparse (sliding window)', oracle: 'Sparse (exact, slow)', random: 'Sparse (random)' };
const dates = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

// A number and its unit stay in one line.
const space = '\u00a0';
const rounded = (value, digits) => String(Number(value.toFixed(digits)));

export const isActive = video => video.status === 'queued' || video.status === 'in_progress';
export const isCanceled = video => video.status === 'failed' && video.error?.code === 'canceled';
export const isExpired = video => video.status === 'completed' && video.expires_at !== null && video.expires_at * 1000 <= Date.now();
export const hasFile = video => video.status === 'completed' && !isExpired(video);
export const isSparse = video => (video.attention?.method ?? 'dense') !== 'dense';

export const methodName = name => methods[name] ?? name;
export const moment = seconds => dates.format(new Date(seconds * 1000));
export const lengthOf = video => `${rounded(video.num_frames / video.fps, 1)}${space}s`;

/** A duration in seconds, for people: 8 s, 2 min, 1 h 5 min. */
export function duration(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))}${space}s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes}${space}min` : `${Math.floor(minutes / 60)}${space}h ${minutes % 60}${space}min`;
}

/** A measured duration in seconds, with the digits that mean something. */
export const measured = seconds => seconds < 100 ? `${rounded(seconds, seconds < 10 ? 2 : 1)}${space}s` : duration(seconds);

/** What is being done, how far it is and how long it takes still. */
export function progressText(video, secondsPerVideo = null) {
  if (video.status === 'queued') {
    const place = video.queue_position;
    if (!place) return 'Waiting';
    const wait = secondsPerVideo ? `, about ${duration(place * secondsPerVideo)}` : '';
    return place === 1 ? `Next in the queue${wait}` : `Place ${place} in the queue${wait}`;
  }
  const parts = [phases[video.phase] ?? 'Working'];
  if (video.phase === 'denoise' && video.steps_total) parts.push(`step ${video.step} of ${video.steps_total}`);
  if (video.eta_seconds > 0) parts.push(`${duration(video.eta_seconds)} left`);
  return parts.join(', ');
}

/** One word for a finished video's state, or what went wrong. */
export function outcome(video) {
  if (isCanceled(video)) return 'Cancelled';
  if (video.status === 'failed') return 'Failed';
  return isExpired(video) ? 'No longer kept' : 'Finished';
}

/** What decides about a method of attention, all in one line. */
export function attentionDetails(attention) {
  const parts = [];
  if (attention?.density != null) parts.push(`density ${attention.density}`);
  else if (attention?.threshold != null) parts.push(`threshold ${attention.threshold}`);
  if (attention?.window) parts.push(`window ${attention.window}`);
  if (attention?.stride != null) parts.push(`stride ${attention.stride}`);
  if (attention?.block_size != null) parts.push(`blocks of ${attention.block_size}`);
  if (attention?.dense_warmup != null) parts.push(`dense warm-up ${attention.dense_warmup}`);
  return parts.join(', ');
}

const attentionText = attention => [methodName(attention?.method ?? 'dense'), attentionDetails(attention)].filter(Boolean).join(', ');

/** What the model makes of the prompt, where it is worth saying. */
export function notesOf(video) {
  const words = video.unknown_words ?? [];
  return [
    words.length ? `${words.length === 1 ? 'A word' : 'Words'} that the model has never seen: ${words.join(', ')}.` : null,
    video.prompt_truncated ? 'The prompt is longer than what the model reads; its end has no effect.' : null,
  ].filter(Boolean);
}

/** Every setting of a video as [name, text]. */
export function settings(video) {
  const lines = [
    ['Size', video.size.replace('x', ' × ')], ['Length', `${video.num_frames} frames at ${video.fps} per second, ${lengthOf(video)}`], ['Steps', video.num_inference_steps],
    ['Guidance', video.guidance_scale], ['Seed', video.seed], ['Attention', attentionText(video.attention)], ['Negative prompt', video.negative_prompt],
    ['Scheduler', `${video.scheduler}, flow shift ${video.flow_shift}`], ['Model', video.model], ['Asked for', moment(video.created_at)],
    ['Made in', video.inference_time_s === null ? '' : measured(video.inference_time_s)], ['Kept until', video.expires_at === null ? '' : moment(video.expires_at)],
  ];
  return lines.filter(([, text]) => text !== '' && text !== null && text !== undefined);
}
