// The form that asks for a video.

import { create, previewEvery } from './again.js';
import { newRequestName } from './api.js';
import { announce, byId, html, icon } from './elements.js';
import { describe, framesFromSeconds, methodChosen, readRequest, secondsFromFrames, setDefaults, setSettings } from './fields.js';
import { showProblem } from './problem.js';
import { notesOf } from './words.js';

const largestSeed = 2 ** 31;
const draftPlace = 'xvideo.draft';
let last = { body: '', name: '' };

const fieldOf = param => document.querySelector(`#form [data-param="${CSS.escape(param)}"]`)
  ?? (param.startsWith('attention') ? byId('method') : param === 'height' ? byId('height') : null);

export function startForm() {
  const form = byId('form');
  byId('dice').append(icon('dice'));
  byId('dice').addEventListener('click', () => { byId('seed').value = Math.floor(Math.random() * largestSeed); changed(); });
  byId('reset').addEventListener('click', () => { byId('preset').value = ''; setDefaults(); clearErrors(); changed(); });
  byId('preset').addEventListener('change', setDefaults);
  byId('method').addEventListener('change', methodChosen);
  for (const id of ['frames', 'fps']) byId(id).addEventListener('input', secondsFromFrames);
  byId('seconds').addEventListener('input', framesFromSeconds);
  form.addEventListener('input', event => { clearErrorOf(event.target); changed(); });
  form.addEventListener('change', changed);
  form.addEventListener('submit', event => { event.preventDefault(); submit(); });
  form.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit();
  });
  byId('prompt').value = sessionStorage.getItem(draftPlace) ?? '';
}

/** Shows what the fold holds, and keeps the prompt over a reload. */
export function changed() {
  byId('options-now').textContent = describe();
  sessionStorage.setItem(draftPlace, byId('prompt').value);
}

export function setPrompt(text) {
  const prompt = byId('prompt');
  prompt.value = text;
  clearErrorOf(prompt);
  changed();
  prompt.focus();
}

/** Fills the form with a video's settings; without a seed a new one is drawn each time. */
export function fillFrom(video, seed) {
  byId('preset').value = '';
  setSettings({ ...video, seed: seed ?? '' });
  clearErrors();
  setPrompt(video.prompt);
  byId('form').scrollIntoView({ block: 'center' });
  announce(`The form has the settings of this video with ${seed === null ? 'a new' : 'the same'} seed.`);
}

async function submit() {
  const submitButton = byId('create');
  if (submitButton.disabled) return;
  clearErrors();
  const request = readRequest();
  if (byId('previews').checked) request.preview_every_steps = previewEvery(request.num_inference_steps);
  submitButton.disabled = true;
  try {
    const notes = notesOf(await create(request, nameOf(request)));
    last = { body: '', name: '' };
    byId('form-notes').replaceChildren(...notes.map(text => html('p', { class: 'note', text })));
    announce(['The video is in the queue.', ...notes].join(' '));
  } catch (problem) {
    showError(problem);
  } finally {
    submitButton.disabled = false;
  }
}

// As long as it is not known whether a request arrived, the same one keeps its name: pressed again, it makes no second video.
function nameOf(request) {
  const body = JSON.stringify(request);
  if (last.body !== body) last = { body, name: newRequestName() };
  return last.name;
}

function showError(problem) {
  // An answer settles it: the next try is a new request.
  if (!problem.isSilence) last = { body: '', name: '' };
  const input = problem.param ? fieldOf(problem.param) : null;
  if (!input) return showProblem(byId('form-problem'), problem);
  const place = html('p', { class: 'error', id: 'field-error', role: 'alert', text: problem.message });
  const controls = input.matches('fieldset') ? [...input.querySelectorAll('input')] : [input];
  for (const each of controls) {
    each.setAttribute('aria-invalid', 'true');
    each.setAttribute('aria-describedby', place.id);
  }
  if (byId('options').contains(input)) byId('options').open = true;
  input.closest('.field').append(place);
  controls[0].focus();
}

function clearErrorOf(input) {
  const scope = input.closest('.field');
  if (!scope) return;
  for (const each of scope.querySelectorAll('[aria-invalid]')) {
    each.removeAttribute('aria-invalid');
    each.removeAttribute('aria-describedby');
  }
  scope.querySelector(':scope > .error')?.remove();
}

function clearErrors() {
  showProblem(byId('form-problem'), null);
  byId('form-notes').replaceChildren();
  for (const input of document.querySelectorAll('#form [aria-invalid]')) clearErrorOf(input);
}
