// Making elements. Text always goes in as text, never as HTML: prompts may hold anything.

function make(namespace, name, properties, children) {
  const element = namespace ? document.createElementNS(namespace, name) : document.createElement(name);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'text') element.textContent = value;
    else if (key === 'style') Object.entries(value).forEach(([property, setting]) => element.style.setProperty(property, setting));
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

const html = (name, properties, ...children) => make(null, name, properties, children);
const svg = (name, properties, ...children) => make('http://www.w3.org/2000/svg', name, properties, children);
const byId = id => document.getElementById(id);
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

let lastId = 0;
const newId = stem => `${stem}-${++lastId}`;

/** A labelled list box. `choices` are [value, text] pairs, or [value, text, group]; `change` gets the chosen value. */
function choice(label, choices, value, change) {
  const id = newId('choice');
  const groups = [...new Set(choices.map(([, , group]) => group))];
  const options = group => choices.filter(each => each[2] === group).map(([each, text]) => html('option', { value: each, text }));
  const list = html('select', { id, onchange: () => change(list.value) },
    groups.length > 1 ? groups.map(group => html('optgroup', { label: group }, options(group))) : options(groups[0]));
  list.value = value;
  const field = html('span', { class: 'field' }, html('label', { for: id, text: label }), list);
  return Object.assign(field, { list });
}

/** A row of choices of which one holds, with the browser's own keys. */
function oneOf(label, choices, value, change) {
  const name = newId('group');
  return html('fieldset', { class: 'one-of' }, html('legend', { text: label }), choices.map(([each, text]) =>
    html('label', {}, html('input', { type: 'radio', name, value: each, checked: each === value, onchange: () => change(each) }), html('span', { text }))));
}

function tickBox(label, value, change) {
  const box = html('input', { type: 'checkbox', checked: value, onchange: () => change(box.checked) });
  return Object.assign(html('label', { class: 'tick' }, box, html('span', { text: label })), { box });
}

/** Calls `draw(width)` now and whenever the width of `element` changes. */
function drawToWidth(element, draw) {
  let width = 0;
  new ResizeObserver(() => {
    const now = Math.floor(element.clientWidth);
    if (now === width || now === 0) return;
    width = now;
    draw(width);
  }).observe(element);
  return () => width && draw(width);
}
