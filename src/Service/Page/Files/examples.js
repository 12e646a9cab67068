// Prompts that suit the model.

import { button, byId, html } from './elements.js';
import { setPrompt } from './form.js';

const chips = 3;
const chipLength = 40;

/** Offers some examples, and all of them under their kinds of scene. */
export function setExamples(examples) {
  const kinds = Object.entries(examples).filter(([, prompts]) => prompts.length);
  byId('examples').hidden = byId('kinds').hidden = kinds.length === 0;
  if (!kinds.length) return;
  drawChips(kinds);
  const fold = byId('kinds');
  fold.querySelector('summary').textContent = `${kinds.length} kinds of scene that this model knows`;
  fold.querySelector('.kinds').replaceChildren(...kinds.map(([name, prompts]) => html('div', { class: 'kind' }, html('h3', { text: name }), prompts.map(chip))));
}

const isShort = prompt => prompt.length <= chipLength;

const chip = prompt => html('button', { type: 'button', class: 'chip', onclick: () => setPrompt(prompt) }, prompt);

function drawChips(kinds) {
  const any = list => list[Math.floor(Math.random() * list.length)];
  const pick = prompts => any(prompts.some(isShort) ? prompts.filter(isShort) : prompts);
  const chosen = kinds.map(kind => [Math.random(), kind]).sort(([a], [b]) => a - b).slice(0, chips).map(([, [, prompts]]) => pick(prompts));
  byId('examples').replaceChildren(...chosen.map(chip), button('Others', () => drawChips(kinds), { class: 'plain', 'aria-label': 'Other examples' }, 'dice'));
}
