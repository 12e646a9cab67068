// A row for each setting.

const armColumns = () => measures.filter(measure => !measure.plotOnly && report.arms.some(arm => meanOf(arm, measure.name, chosen.domain) !== undefined));

function buildArms() {
  const section = byId('arms');
  if (filesOnly) section.querySelector('h2').textContent = 'All pairs together';
  const table = sortableTable({
    caption: filesOnly ? 'Means over all pairs' : 'Means over prompts, a row for each setting',
    head: { text: filesOnly ? 'Compared' : 'Setting', of: arm => arm.label },
    mark: arm => html('span', { class: 'dot', style: { background: colourOf(arm.method) } }),
    rows: () => report.arms,
    columns: armColumns,
    value: (arm, measure) => meanOf(arm, measure.name, chosen.domain),
    detail: (arm, measure) => chosen.intervals ? intervalText(statistic(arm, measure.name, chosen.domain), measure) : null,
    isChosen: arm => arm.id === chosen.arm,
    choose: arm => choose({ arm: arm.id }),
  });
  section.append(table.element, html('p', { class: 'quiet', text: armsNote() }));
  whenChosen(table.draw);
}

function intervalText(value, measure) {
  if (!value || ![value.low, value.high].every(Number.isFinite) || value.high === value.low) return null;
  return `${shown(measure, value.low)} … ${shown(measure, value.high)}`;
}

function armsNote() {
  const clips = report.arms.map(arm => arm.clips), least = Math.min(...clips), most = Math.max(...clips);
  const behind = least === most ? `${most}` : `${least} to ${most}`;
  return `Each row is the mean over ${behind} ${most === 1 ? 'clip' : 'clips'}. Small figures, where switched on, are 95 % bootstrap intervals over ${filesOnly ? 'pairs' : 'prompts'}. A dash: not computed.`;
}
