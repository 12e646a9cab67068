// What the chosen blocks lose inside the model, and pictures of them.

const sampleMeasures = [
  { name: 'recall', label: 'Recall', format: percent(1), better: 1 },
  { name: 'oracleRecall', label: 'Oracle recall', format: percent(1), better: 1 },
  { name: 'share', label: 'Recall / oracle', format: percent(1), better: 1 },
  { name: 'recallP1', label: 'Recall, first percentile of rows', short: 'Recall p1', format: percent(1), better: 1 },
  { name: 'recallMin', label: 'Recall, least of all rows', short: 'Least recall', format: percent(1), better: 1 },
  { name: 'relativeL1', label: 'Relative L1 error', short: 'Rel. L1', format: digits(4), better: -1 },
  { name: 'relativeL2', label: 'Relative L2 error', short: 'Rel. L2', format: digits(4), better: -1 },
  { name: 'cosine', label: 'Cosine', format: digits(5), better: 1 },
  { name: 'density', label: 'Density', format: percent(1), better: -1 },
];
const sampleValue = (sample, name) => name === 'share' ? number(sample.recall) / number(sample.oracleRecall) : number(sample[name]);

function buildAttention() {
  const section = byId('attention');
  const sampled = report.pairs.filter(pair => pair.attention.length), drawn = report.pairs.filter(pair => pair.masks.length);
  section.hidden = !sampled.length && !drawn.length;
  if (section.hidden) return;
  let measure = sampleMeasures[0];
  const tables = html('div', {}), pictures = html('div', {});
  const drawTables = () => tables.replaceChildren(...samplesOf(chosen.arm, measure));
  if (sampled.length) {
    section.append(html('div', { class: 'controls' }, choice('Measure', sampleMeasures.map(each => [each.name, each.label]), measure.name, value => {
      measure = sampleMeasures.find(each => each.name === value);
      drawTables();
    })), tables);
  }
  if (drawn.length) section.append(html('h3', { text: 'Blocks that were kept' }), pictures);
  whenChosen(() => {
    if (sampled.length) drawTables();
    if (drawn.length) pictures.replaceChildren(...picturesOf(chosen.arm, drawn));
  });
}

function samplesOf(armId, measure) {
  const pairs = pairsOfArm(armId).filter(pair => pair.attention.length);
  if (!pairs.length) return [html('p', { class: 'quiet', text: 'No attention was sampled for this setting.' })];
  const samples = pairs.flatMap(pair => pair.attention);
  const loops = [[true, 'Open loop', 'on the inputs of the full-attention run'], [false, 'Closed loop', 'on the inputs of the sparse run, which have drifted already']]
    .map(([open, title, what]) => ({ title, what, samples: samples.filter(sample => sample.isOpenLoop === open) })).filter(loop => loop.samples.length);
  const prompts = pairs.map(pair => pair.prompt + 1).join(', ');
  return [
    html('p', { class: 'quiet', text: `${chosenArm().label}, ${measure.name === 'recallMin' ? 'least' : 'mean'} over ${pairs.length === 1 ? `prompt ${prompts}` : `prompts ${prompts}`}, all heads.` }),
    html('div', { class: 'grids' }, loops.map(loop => sampleGrid(loop, measure, samples))), html('details', {}, html('summary', { text: 'All measures' }), sampleList(loops))];
}

const sorted = values => [...new Set(values)].sort((a, b) => a - b);

/** Mean over the samples of a step and layer; of the least recall the least. */
function summary(samples, name) {
  const values = samples.map(sample => sampleValue(sample, name)).filter(value => !Number.isNaN(value));
  if (!values.length) return undefined;
  return name === 'recallMin' ? Math.min(...values) : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function sampleGrid(loop, measure, all) {
  const [steps, layers] = [sorted(loop.samples.map(sample => sample.step)), sorted(loop.samples.map(sample => sample.layer))];
  const at = (step, layer) => summary(loop.samples.filter(sample => sample.step === step && sample.layer === layer), measure.name);
  const values = all.map(sample => sampleValue(sample, measure.name)).filter(Number.isFinite);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const cell = value => {
    const share = Number.isFinite(value) && high > low ? (value - low) / (high - low) : 0.5;
    return html('td', { style: { '--good': `${Math.round(100 * (measure.better > 0 ? share : 1 - share))}%` }, text: shown(measure, value) });
  };
  return html('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `${loop.title}: ${measure.label}` }, html('table', { class: 'grid' },
    html('caption', {}, html('strong', { text: `${loop.title}: ${measure.label}` }), html('br'), html('span', { class: 'quiet', text: loop.what })),
    html('thead', {}, html('tr', {}, html('th', { scope: 'col', text: 'Layer' }), steps.map(step => html('th', { scope: 'col', text: `step ${step}` })))),
    html('tbody', {}, layers.map(layer => html('tr', {}, html('th', { scope: 'row', text: layer }), steps.map(step => cell(at(step, layer))))))));
}

function sampleList(loops) {
  const rows = loops.flatMap(loop => sorted(loop.samples.map(sample => sample.step)).flatMap(step => sorted(loop.samples.map(sample => sample.layer)).map(layer => {
    const own = loop.samples.filter(sample => sample.step === step && sample.layer === layer);
    return own.length ? html('tr', {}, html('th', { scope: 'row', text: `${loop.title}, step ${step}, layer ${layer}` }), sampleMeasures.map(each => html('td', { text: shown(each, summary(own, each.name)) }))) : null;
  })));
  return html('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'All measures of the samples' }, html('table', { class: 'figures' },
    html('thead', {}, html('tr', {}, html('th', { scope: 'col', text: 'Sample' }), sampleMeasures.map(each => html('th', { scope: 'col', text: each.short ?? each.label })))), html('tbody', {}, rows)));
}

function picturesOf(armId, drawn) {
  const own = drawn.find(pair => pair.arm === armId && pair.prompt === chosen.prompt) ?? drawn.find(pair => pair.arm === armId);
  if (!own) {
    const arms = [...new Set(drawn.map(pair => pair.arm))];
    return [html('p', { class: 'quiet', text: 'No pictures were drawn for this setting. There are some for:' }),
      html('p', { class: 'buttons' }, arms.map(id => html('button', { type: 'button', onclick: () => choose({ arm: id }) }, armOf.get(id)?.label ?? id)))];
  }
  return [html('p', { class: 'quiet', text: `${armOf.get(armId).label}, prompt ${own.prompt + 1}: ${promptOf.get(own.prompt).text}` }),
    html('div', { class: 'pictures' }, own.masks.map(mask => html('figure', {}, html('a', { href: addressOf(mask.path), download: mask.path.split('/').at(-1), title: 'Save this picture' },
      html('img', { src: addressOf(mask.path), alt: mask.title })), html('figcaption', { text: mask.title }))))];
}
