// Speed against quality: a mark for each setting.

const methodOrder = [...new Set(report.arms.map(arm => arm.method))];
const colourOf = method => `var(--series-${({ xattention: 0, random: 1, window: 2, oracle: 3, dense: 4, file: 0 })[method] ?? 5 + methodOrder.indexOf(method) % 2})`;
const isFloor = arm => arm.method === 'dense';
const methodName = method => method === 'xattention' ? 'XAttention' : isFloor({ method }) ? 'noise floor' : method;
const shapes = ['circle', 'square', 'triangle', 'diamond', 'cross', 'drop'];
const shapePaths = {
  circle: 'M-6,0a6,6 0 1,0 12,0a6,6 0 1,0 -12,0z',
  square: 'M-5.3,-5.3h10.6v10.6h-10.6z',
  triangle: 'M0,-7L6.6,5H-6.6z',
  diamond: 'M0,-7.5L7.5,0L0,7.5L-7.5,0z',
  cross: 'M-2.2,-6.6h4.4v4.4h4.4v4.4h-4.4v4.4h-4.4v-4.4h-4.4v-4.4h4.4z',
  drop: 'M0,7L6.6,-5H-6.6z',
};

// The noise floor lies far off at density 1; its line, or an arrow towards it, is always there.
const plot = { x: undefined, y: undefined, shapeBy: undefined, hidden: new Set(['dense']) };
const settingOf = (arm, name) => arm.settings.find(setting => setting.name === name)?.value
  ?? (arm.matchesDensityOf && armOf.has(arm.matchesDensityOf) ? settingOf(armOf.get(arm.matchesDensityOf), name) : undefined);

function shapeChoices() {
  const names = [...new Set(report.arms.flatMap(arm => arm.settings.map(setting => setting.name)))];
  const varied = names.filter(name => new Set(report.arms.filter(arm => !arm.matchesDensityOf).map(arm => settingOf(arm, name)).filter(Boolean)).size > 1);
  const rank = name => { const at = ['dense-warmup', 'stride', 'threshold'].indexOf(name); return at < 0 ? 3 : at; };
  return varied.sort((a, b) => rank(a) - rank(b));
}

const shapeValues = () => [...new Set(report.arms.map(arm => settingOf(arm, plot.shapeBy)).filter(Boolean))].sort((a, b) => parseFloat(a) - parseFloat(b));
const shapeOf = arm => plot.shapeBy ? shapes[Math.max(0, shapeValues().indexOf(settingOf(arm, plot.shapeBy))) % shapes.length] : 'circle';

/** The marks that no other beats on both axes, from left to right. */
function paretoFront(marks, x, y) {
  const better = (a, b) => x.better * (a.x - b.x) || y.better * (a.y - b.y);
  const front = [];
  for (const mark of marks.filter(mark => !isFloor(mark.arm)).sort((a, b) => better(b, a))) {
    if (!front.length || y.better * (mark.y - front.at(-1).y) > 0) front.push(mark);
  }
  return front.sort((a, b) => a.x - b.x);
}

function buildScatter() {
  const present = axis => measures.filter(measure => measure.axis === axis
    && report.arms.filter(arm => ['raw', 'file'].some(domain => meanOf(arm, measure.name, domain) !== undefined)).length > 1);
  const [xs, ys] = [present('x'), present('y')];
  const section = byId('plot');
  section.hidden = !xs.length || !ys.length;
  if (section.hidden) return;
  [plot.x, plot.y] = [xs.find(measure => measure.name === 'density') ?? xs[0], ys[0]];
  const byShape = shapeChoices();
  plot.shapeBy = byShape[0];

  const figure = html('div', { class: 'figure' });
  const legend = html('div', { class: 'legend' });
  const redraw = drawToWidth(figure, width => drawScatter(figure, legend, width));
  const controls = html('div', { class: 'controls' },
    choice('Across', xs.map(measure => [measure.name, measure.label]), plot.x.name, value => { plot.x = measureOf(value); redraw(); }),
    choice('Up', ys.map(measure => [measure.name, measure.label]), plot.y.name, value => { plot.y = measureOf(value); redraw(); }),
    byShape.length ? choice('Shape', byShape.map(name => [name, name]), plot.shapeBy, value => { plot.shapeBy = value; redraw(); }) : null,
    tickBox('95 % intervals', chosen.intervals, value => choose({ intervals: value })));
  section.append(controls, figure, legend, html('p', { class: 'quiet', text: scatterNote() }));
  whenChosen(redraw);
}

function scatterNote() {
  const parts = ['A mark is the mean over prompts; choose one to see its clips below. The line joins the settings that no other beats on both axes.'];
  if (report.arms.some(arm => arm.matchesDensityOf)) parts.push('A thin line ties each baseline to the setting whose density it copies.');
  if (report.arms.some(isFloor)) parts.push('The noise floor is full attention computed in another way: what lies near it cannot be told from full attention.');
  return parts.join(' ');
}

function drawScatter(figure, legend, width) {
  const { x, y } = plot;
  const focused = figure.querySelector('.mark:focus')?.dataset.arm;
  const marks = report.arms.filter(arm => !plot.hidden.has(arm.method))
    .map(arm => ({ arm, x: meanOf(arm, x.name, chosen.domain), y: meanOf(arm, y.name, chosen.domain) }))
    .filter(mark => Number.isFinite(mark.x) && mark.y !== undefined && !Number.isNaN(mark.y));
  const height = clamp(width * 0.56, 300, 500);
  const box = { left: 58, right: width - 14, top: report.arms.some(isFloor) ? 48 : 30, bottom: height - 46 };
  const endless = marks.some(mark => !Number.isFinite(mark.y));
  const ends = (name, own) => chosen.intervals ? marks.filter(own).flatMap(mark => { const s = statistic(mark.arm, name, chosen.domain); return [s.low, s.high]; }) : [];
  const across = scaleOf([...marks.map(mark => mark.x), ...ends(x.name, () => true)], box.left, box.right, width / 110);
  const up = scaleOf([...marks.map(mark => mark.y), ...ends(y.name, mark => Number.isFinite(mark.y))], box.bottom, box.top + (endless ? 26 : 0), height / 70);
  const place = mark => ({ left: across.at(mark.x), top: Number.isFinite(mark.y) ? up.at(mark.y) : box.top + 8 });
  const tip = html('div', { class: 'tip', hidden: true });
  const drawing = svg('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'group', 'aria-label': `${y.label} over ${x.label}, ${marks.length} settings` },
    drawAxes(box, across, up, x, y, endless), drawFloor(box, up, y), drawTies(marks, place), drawFront(paretoFront(marks, x, y), place),
    chosen.intervals ? marks.map(mark => drawInterval(mark, across, up)) : null);
  const ordered = [...marks].sort((a, b) => a.x - b.x || a.y - b.y);
  // The chosen mark is drawn last, above the others; the arrow keys go from left to right all the same.
  const elements = new Map(ordered.map(mark => [mark.arm.id, drawMark(mark, place(mark), tip, figure, ordered)]));
  drawing.append(...[...elements.values()].sort((a, b) => a.classList.contains('chosen') - b.classList.contains('chosen')));
  if (!elements.has(chosen.arm) && ordered.length) elements.get(ordered[0].arm.id).setAttribute('tabindex', 0);
  figure.replaceChildren(drawing, tip);
  if (focused) elements.get(focused)?.focus();
  drawLegend(legend, figure);
}

function drawAxes(box, across, up, x, y, endless) {
  const right = box.right, bottom = box.bottom;
  return svg('g', { class: 'axes' },
    across.ticks.map(tick => [svg('line', { x1: across.at(tick), x2: across.at(tick), y1: box.top, y2: bottom }),
      svg('text', { x: across.at(tick), y: bottom + 17, 'text-anchor': 'middle', text: tickText(x, across, tick) })]),
    up.ticks.map(tick => [svg('line', { x1: box.left, x2: right, y1: up.at(tick), y2: up.at(tick) }),
      svg('text', { x: box.left - 7, y: up.at(tick) + 4, 'text-anchor': 'end', text: tickText(y, up, tick) })]),
    endless ? svg('text', { x: box.left - 7, y: box.top + 13, 'text-anchor': 'end', text: '∞' }) : null,
    svg('text', { class: 'name', x: right, y: bottom + 38, 'text-anchor': 'end', text: axisTitle(x) }),
    svg('text', { class: 'name', x: 6, y: 14, text: axisTitle(y) }));
}

function drawFloor(box, up, y) {
  return report.arms.filter(isFloor).map(arm => meanOf(arm, y.name, chosen.domain)).filter(value => value !== undefined && !Number.isNaN(value)).map(value => {
    const inside = value >= up.low && value <= up.high, top = clamp(Number.isFinite(value) ? up.at(value) : box.top, box.top, box.bottom);
    const arrow = inside ? '' : top === box.top ? '↑ ' : '↓ ';
    const above = inside ? (top < box.top + 20 ? top + 15 : top - 6) : box.top - 10; // off the plot: above it, clear of marks
    return svg('g', {}, inside ? svg('line', { class: 'floor', x1: box.left, x2: box.right, y1: top, y2: top }) : null,
      svg('text', { class: 'name', x: box.right, y: above, 'text-anchor': 'end', text: `${arrow}noise floor ${shown(y, value, true)}` }));
  });
}

function drawTies(marks, place) {
  const of = new Map(marks.map(mark => [mark.arm.id, mark]));
  return marks.filter(mark => of.has(mark.arm.matchesDensityOf)).map(mark => {
    const [a, b] = [place(mark), place(of.get(mark.arm.matchesDensityOf))];
    const near = [mark.arm.id, mark.arm.matchesDensityOf].includes(chosen.arm);
    return svg('line', { class: near ? 'tie near' : 'tie', x1: a.left, y1: a.top, x2: b.left, y2: b.top });
  });
}

function drawFront(front, place) {
  return svg('polyline', { class: 'front', points: front.map(place).map(at => `${at.left.toFixed(1)},${at.top.toFixed(1)}`).join(' ') });
}

function drawInterval(mark, across, up) {
  const of = name => statistic(mark.arm, name, chosen.domain);
  const [h, v] = [of(plot.x.name), of(plot.y.name)];
  if (![h.low, h.high, v.low, v.high, mark.y].every(Number.isFinite)) return null;
  const [left, top] = [across.at(mark.x), up.at(mark.y)];
  const path = `M${across.at(h.low)},${top}H${across.at(h.high)}M${left},${up.at(v.low)}V${up.at(v.high)}`;
  return svg('path', { class: mark.arm.id === chosen.arm ? 'interval near' : 'interval', d: path, style: { stroke: colourOf(mark.arm.method) } });
}

function drawMark(mark, at, tip, figure, ordered) {
  const own = mark.arm.id === chosen.arm;
  const show = () => showTip(tip, figure, mark, at), hide = () => { tip.hidden = true; };
  const name = `${mark.arm.label}: ${plot.x.label} ${shown(plot.x, mark.x, true)}, ${plot.y.label} ${shown(plot.y, mark.y, true)}`;
  return svg('g', {
    class: own ? 'mark chosen' : 'mark', transform: `translate(${at.left.toFixed(1)},${at.top.toFixed(1)})`, tabindex: own ? 0 : -1, role: 'button', 'aria-pressed': String(own),
    'aria-label': name, 'data-arm': mark.arm.id, onclick: () => choose({ arm: mark.arm.id }), onmouseenter: show, onmouseleave: hide, onfocus: show, onblur: hide,
    onkeydown: event => moveAmongMarks(event, mark, ordered, figure, hide),
  }, svg('circle', { class: 'reach', r: 12 }), own ? svg('circle', { class: 'ring', r: 11 }) : null,
    svg('path', { d: shapePaths[shapeOf(mark.arm)], style: { fill: colourOf(mark.arm.method) } }));
}

function moveAmongMarks(event, mark, ordered, figure, hide) {
  const step = ({ ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 })[event.key];
  if (step) {
    const next = ordered[clamp(ordered.indexOf(mark) + step, 0, ordered.length - 1)];
    figure.querySelector(`[data-arm="${CSS.escape(next.arm.id)}"]`).focus();
  } else if (event.key === 'Enter' || event.key === ' ') choose({ arm: mark.arm.id });
  else if (event.key === 'Escape') hide();
  else return;
  event.preventDefault();
}

function showTip(tip, figure, mark, at) {
  const lines = measures.filter(measure => !measure.plotOnly).map(measure => [measure, statistic(mark.arm, measure.name, chosen.domain)]).filter(([, value]) => value);
  const range = (measure, value) => [value.low, value.high].every(Number.isFinite) && value.high > value.low ? ` [${shown(measure, value.low)}, ${shown(measure, value.high)}]` : '';
  tip.replaceChildren(html('strong', { text: mark.arm.label }), html('table', {}, lines.map(([measure, value]) =>
    html('tr', {}, html('td', { text: measure.label }), html('td', { text: shown(measure, value.mean, true) }), html('td', { class: 'quiet', text: range(measure, value) })))));
  tip.hidden = false;
  tip.style.left = 0; // measured with all the room there is
  const [room, own] = [figure.clientWidth, tip.offsetWidth];
  const left = at.left + 16 + own <= room ? at.left + 16 : at.left - 16 - own;
  tip.style.left = `${clamp(left, 0, Math.max(0, room - own))}px`;
  tip.style.top = `${clamp(at.top - tip.offsetHeight / 2, 0, Math.max(0, figure.clientHeight - tip.offsetHeight))}px`;
}

function drawLegend(legend, figure) {
  const focused = legend.querySelector(':focus')?.dataset.method;
  const width = () => figure.clientWidth;
  const toggle = method => {
    if (!plot.hidden.delete(method)) plot.hidden.add(method);
    drawScatter(figure, legend, width());
  };
  const methods = methodOrder.map(method => html('button', { type: 'button', 'data-method': method, 'aria-pressed': String(!plot.hidden.has(method)), title: 'Show or hide', onclick: () => toggle(method) },
    html('span', { class: 'dot', style: { background: colourOf(method) } }), methodName(method)));
  const values = plot.shapeBy ? shapeValues() : [];
  const keys = values.map(value => html('span', { class: 'key' },
    svg('svg', { width: 16, height: 16, viewBox: '-9 -9 18 18', 'aria-hidden': 'true' }, svg('path', { d: shapePaths[shapes[values.indexOf(value) % shapes.length]] })), `${plot.shapeBy} ${value}`));
  legend.replaceChildren(html('span', { class: 'group' }, methods), html('span', { class: 'group' }, keys));
  if (focused) legend.querySelector(`[data-method="${CSS.escape(focused)}"]`).focus();
}
