// Making elements. Text always goes in as text, never as HTML: prompts may hold anything.

const drawings = {
  again: 'M4 12a8 8 0 1 1 2.6 5.900M4 12V6.500M4 12h5.500', close: 'M6 6l12 12M18 6L6 18', compare: 'M4 6h7v12H4zM13 6h7v12h-7z', copy: 'M9 9h10v11H9zM15 9V4H5v11h4',
  dice: 'M5 5h14v14H5zM9 9v.01M15 15v.01M15 9v.01M9 15v.01M12 12v.01', download: 'M12 4v11M7 11l5 5 5-5M5 20h14', key: 'M14 10a4 4 0 1 1-1.500 3.100M12.500 12.500L20 5M17 8l2.500 2.500',
  pause: 'M8 5v14M16 5v14', play: 'M8 5l11 7-11 7z', remix: 'M4 17c6 0 8-10 14-10M15 4l3 3-3 3M4 7c3 0 4.500 2 6 4M13 15c1.500 1.500 3 2 5 2M15 14l3 3-3 3', trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M11 11v5M13 11v5',
};

function make(namespace, name, properties, children) {
  const element = namespace ? document.createElementNS(namespace, name) : document.createElement(name);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'text') element.textContent = value;
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

export const html = (name, properties, ...children) => make(null, name, properties, children);
export const byId = id => document.getElementById(id);

const svg = (name, properties, ...children) => make('http://www.w3.org/2000/svg', name, properties, children);

/** A drawing of 24 × 24 that says nothing to screen readers. */
export const icon = name => svg('svg', { viewBox: '0 0 24 24', class: 'drawing', 'aria-hidden': 'true' }, svg('path', { d: drawings[name] }));

export const button = (text, onclick, properties = {}, drawing = null) => html('button', { type: 'button', onclick, ...properties }, drawing && icon(drawing), html('span', { text }));

export const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Tells screen readers; what is shown already must not steal their voice, so only turning points are said. */
export function announce(text) {
  byId('announcer').textContent = text;
}
