// Measures frame by frame of the chosen pair; a click goes to the frame.

const curveNames = ['psnr', 'ssim', 'lpips'];

function buildCurves() {
  const section = byId('curves');
  const present = curveNames.filter(name => report.pairs.some(pair => framesOf(pair, name, 'raw') ?? framesOf(pair, name, 'file')));
  section.hidden = !present.length;
  if (section.hidden) return;
  const charts = present.map(name => {
    const figure = html('div', { class: 'figure curve' });
    const chart = { name, figure, move: () => {} };
    chart.redraw = drawToWidth(figure, width => drawCurve(chart, width));
    return chart;
  });
  section.append(html('div', { class: 'curves' }, charts.map(chart => chart.figure)), html('p', { class: 'quiet', text: 'The upright line is the frame on screen. Click a curve to go to a frame.' }));
  whenChosen(() => charts.forEach(chart => chart.redraw()));
  player.frameListeners.push(frame => charts.forEach(chart => chart.move(frame)));
}

function drawCurve(chart, width) {
  const values = framesOf(chosenPair(), chart.name, chosen.domain) ?? [];
  const measure = measureOf(chart.name), height = 170;
  const box = { left: 52, right: width - 10, top: 24, bottom: height - 24 };
  if (!values.length) {
    chart.move = () => {};
    chart.figure.replaceChildren(html('p', { class: 'quiet', text: `${measure.label}: not computed for this clip${domains.length > 1 ? ' in this domain' : ''}.` }));
    return;
  }
  const endless = values.some(value => !Number.isFinite(value));
  const up = scaleOf(values, box.bottom, box.top + (endless ? 16 : 0), 4);
  const last = Math.max(values.length - 1, 1);
  const left = frame => box.left + frame / last * (box.right - box.left);
  const top = value => Number.isFinite(value) ? up.at(value) : box.top + 4;
  const lines = ticksOf(1, values.length, width / 90).ticks.filter(Number.isInteger);
  const marker = svg('line', { class: 'marker', y1: box.top, y2: box.bottom });
  const dot = svg('circle', { class: 'dot', r: 4 });
  const now = svg('text', { class: 'name', x: box.right, y: 14, 'text-anchor': 'end' });
  const least = values.indexOf(measure.better < 0 ? Math.max(...values) : Math.min(...values));
  const label = `${measure.label} of ${values.length} frames; worst ${shown(measure, values[least], true)} in frame ${least + 1}`;
  const drawing = svg('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label },
    svg('g', { class: 'axes' },
      up.ticks.map(tick => [svg('line', { x1: box.left, x2: box.right, y1: up.at(tick), y2: up.at(tick) }), svg('text', { x: box.left - 6, y: up.at(tick) + 4, 'text-anchor': 'end', text: tickText(measure, up, tick) })]),
      lines.map(frame => svg('text', { x: left(frame - 1), y: box.bottom + 17, 'text-anchor': 'middle', text: frame })),
      endless ? svg('text', { x: box.left - 6, y: box.top + 8, 'text-anchor': 'end', text: '∞' }) : null),
    svg('text', { class: 'name', x: 6, y: 14, text: measure.label + (measure.unit ? ` (${measure.unit})` : '') }), now,
    svg('path', { class: 'line', d: values.map((value, frame) => `${frame ? 'L' : 'M'}${left(frame).toFixed(1)},${top(value).toFixed(1)}`).join('') }),
    values.length === 1 ? svg('circle', { class: 'dot', r: 3, cx: left(0), cy: top(values[0]) }) : null, marker, dot);
  drawing.addEventListener('click', event => {
    const frame = Math.round((event.clientX - drawing.getBoundingClientRect().left - box.left) / (box.right - box.left) * last);
    player.stepper.pause();
    player.stepper.seek(clamp(frame, 0, values.length - 1));
  });
  chart.move = frame => {
    const at = clamp(frame, 0, values.length - 1);
    marker.setAttribute('x1', left(at));
    marker.setAttribute('x2', left(at));
    dot.setAttribute('cx', left(at));
    dot.setAttribute('cy', top(values[at]));
    now.textContent = `frame ${at + 1}: ${shown(measure, values[at], true)}`;
  };
  chart.move(player.stepper.frame());
  chart.figure.replaceChildren(drawing);
}
