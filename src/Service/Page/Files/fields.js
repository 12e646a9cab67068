// The fields of the form: what they hold, as a request has it, and back.

import { byId } from './elements.js';
import { lengthOf, methodName } from './words.js';

// Which settings of a method have a field here.
const settingsOf = { dense: [], xattention: ['threshold', 'dense_warmup'], window: ['dense_warmup'], oracle: ['threshold', 'dense_warmup'], random: ['dense_warmup'] };
const offered = ['dense', 'xattention', 'window'];
const plain = { fps: 'fps', steps: 'num_inference_steps', guidance: 'guidance_scale', shift: 'flow_shift', scheduler: 'scheduler', negative: 'negative_prompt', seed: 'seed' };

let model = null;
// What a video had and the form has no field for: it stays as long as the method stays.
let carried = {};

const value = id => byId(id).value.trim();
// Some people's decimal sign is a comma.
const number = id => value(id).replace(',', '.');

/** Fits the form to a model of the API, and fills it with its defaults. */
export function setModel(served) {
  model = served;
  const presets = Object.entries(model.presets);
  byId('preset-field').hidden = presets.length === 0;
  byId('preset').replaceChildren(new Option('Standard', ''), ...presets.map(([name]) => new Option(name, name)));
  byId('method').replaceChildren(...offered.filter(name => model.attention[name]).map(name => new Option(methodName(name), name)));
  setDefaults();
}

const defaults = () => model.presets[byId('preset').value] ?? model.defaults;

/** Fills in what the model, or the chosen preset, recommends; the prompt stays. */
export function setDefaults() {
  setSettings({ ...defaults(), seed: '' });
}

/** Fills in settings in the words of the API: those of a video, or a model's defaults. */
export function setSettings(settings) {
  [byId('width').value, byId('height').value] = settings.size.split('x');
  byId('frames').value = settings.num_frames;
  for (const [id, name] of Object.entries(plain)) byId(id).value = settings[name] ?? '';
  carried = { ...settings.attention };
  const method = carried.method ?? 'dense';
  const list = byId('method');
  if (![...list.options].some(option => option.value === method)) list.append(new Option(methodName(method), method));
  list.value = method;
  byId('threshold').value = carried.threshold ?? '';
  byId('warmup').value = carried.dense_warmup ?? '';
  secondsFromFrames();
  showMethod();
}

/** After another method was chosen: its own settings. */
export function methodChosen() {
  carried = { ...model.attention[byId('method').value] };
  byId('threshold').value = carried.threshold ?? '';
  byId('warmup').value = carried.dense_warmup ?? '';
  showMethod();
}

function showMethod() {
  const shown = settingsOf[byId('method').value] ?? [];
  for (const field of document.querySelectorAll('[data-setting]')) field.hidden = !shown.includes(field.dataset.setting);
}

export function secondsFromFrames() {
  const seconds = Number(number('frames')) / Number(number('fps'));
  byId('seconds').value = seconds > 0 && Number.isFinite(seconds) ? Number(seconds.toFixed(2)) : '';
}

/** The number of frames that the model has next to a length. */
export function framesFromSeconds() {
  const frames = Number(number('seconds')) * Number(number('fps'));
  const step = model.limits.frame_step;
  if (frames > 0 && Number.isFinite(frames)) byId('frames').value = Math.max(0, Math.round((frames - 1) / step)) * step + 1;
}

/** The request that the form holds; an empty field is left to the model. */
export function readRequest() {
  const request = { prompt: byId('prompt').value.trim(), model: model.id, size: [number('width'), number('height')].join('x'), num_frames: number('frames') };
  for (const [id, name] of Object.entries(plain)) request[name] = id === 'negative' || id === 'scheduler' ? value(id) : number(id);
  request.preset = byId('preset').value;
  if (request.size === 'x') delete request.size;
  const said = Object.entries(request).filter(([name, text]) => text !== '' || name === 'negative_prompt' || name === 'prompt');
  return { ...Object.fromEntries(said), attention: readAttention() };
}

function readAttention() {
  const method = byId('method').value;
  const attention = { ...carried, method };
  const shown = settingsOf[method] ?? [];
  for (const [name, text] of [['threshold', number('threshold')], ['dense_warmup', value('warmup')]]) {
    if (shown.includes(name) && text !== '') attention[name] = text;
    else delete attention[name];
  }
  // One of the two decides how much is kept.
  if (attention.threshold) delete attention.density;
  return attention;
}

/** What the fold says while it is shut. */
export function describe() {
  const request = { size: `${value('width')} × ${value('height')}`, num_frames: Number(number('frames')), fps: Number(number('fps')) };
  const length = request.num_frames > 0 && request.fps > 0 ? lengthOf(request) : '';
  const seed = value('seed') ? `seed ${value('seed')}` : '';
  return [request.size, length, `${value('steps')} steps`, byId('method').value === 'dense' ? 'full attention' : 'sparse attention', seed].filter(Boolean).join(', ');
}
