// Scales and axes that the plot and the curves share.

/** Round numbers that cover low to high, about `count` of them. */
function ticksOf(low, high, count) {
  const rough = (high - low) / Math.max(count, 1), power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map(factor => factor * power).find(each => each >= rough * 0.999);
  const ticks = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at++) ticks.push(at * step);
  return { ticks, decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + (String(step / power).startsWith('2.5') ? 1 : 0)) };
}

/** A scale from values to pixels with some room at both ends; values without an end are left out. */
function scaleOf(values, from, to, count) {
  const finite = values.filter(Number.isFinite);
  let low = Math.min(...finite), high = Math.max(...finite);
  if (!finite.length) [low, high] = [0, 1];
  const room = high > low ? (high - low) * 0.06 : Math.max(Math.abs(high) * 0.02, 1e-3);
  [low, high] = [low - room, high + room];
  const at = value => from + (value - low) / (high - low) * (to - from);
  return { at, low, high, ...ticksOf(low, high, count) };
}

/** Text of a tick: as the measure is shown, with as many decimals as the step needs. */
function tickText(measure, scale, value) {
  const ofPercent = measure?.format(0).includes('%');
  const text = ofPercent ? (100 * value).toFixed(Math.max(0, scale.decimals - 2)) : value.toFixed(scale.decimals);
  return text.replace('-', '−') + (ofPercent ? ' %' : measure?.format(0).includes('×') ? '×' : '');
}

function axisTitle(measure) {
  const unit = measure.unit ? ` (${measure.unit})` : '';
  return measure.label + unit + (measure.better > 0 ? ', more is better' : measure.better < 0 ? ', less is better' : '');
}
