// Each setting beside the baselines that kept as many blocks: is a choice by content worth it?

function buildVersus() {
  const section = byId('versus');
  const gains = new Map((report.gains ?? []).map(gain => [`${gain.baseline} ${gain.domain} ${gain.measure}`, gain]));
  const names = [...new Set([...gains.values()].map(gain => gain.measure))];
  section.hidden = !names.length;
  if (section.hidden) return;
  let measure = measureOf(names[0]);
  const baselines = report.arms.filter(arm => arm.matchesDensityOf);
  const baselineOf = new Map(baselines.map(arm => [`${arm.matchesDensityOf} ${arm.method}`, arm]));
  const methods = [...new Set(baselines.map(arm => arm.method))];
  const gainOf = (arm, method) => gains.get(`${baselineOf.get(`${arm.id} ${method}`)?.id} ${chosen.domain} ${measure.name}`);
  const signed = value => (value > 0 ? '+' : '') + measure.format(value).replace('-', '−');

  const columns = () => [
    { ...measureOf('density'), of: arm => meanOf(arm, 'density', chosen.domain) },
    { ...measure, of: arm => meanOf(arm, measure.name, chosen.domain) },
    ...methods.flatMap(method => [
      { name: `${method} value`, label: methodName(method), format: measure.format, title: `${measure.label} of this baseline`, of: arm => baselineOf.has(`${arm.id} ${method}`) ? meanOf(baselineOf.get(`${arm.id} ${method}`), measure.name, chosen.domain) : undefined },
      { name: `${method} gain`, label: 'ahead by', format: signed, title: 'Setting less baseline, prompt by prompt', of: arm => gainOf(arm, method)?.mean, gain: arm => gainOf(arm, method) },
      { name: `${method} better`, label: 'on prompts', format: value => `${value} of ${most(method)}`, title: 'Prompts on which the setting is nearer to full attention', of: arm => gainOf(arm, method)?.better },
    ]),
  ];
  const most = method => Math.max(...report.arms.map(arm => gainOf(arm, method)?.prompts ?? 0));

  const table = sortableTable({
    caption: 'A row for each setting with baselines at its density',
    head: { text: 'Setting', of: arm => arm.label },
    rows: () => report.arms.filter(arm => methods.some(method => gainOf(arm, method))),
    columns,
    value: (arm, column) => column.of(arm),
    detail: (arm, column) => { const gain = column.gain?.(arm); return gain && gain.high > gain.low ? `${signed(gain.low)} … ${signed(gain.high)}` : null; },
    isChosen: arm => arm.id === chosen.arm,
    choose: arm => choose({ arm: arm.id }),
  });
  if (names.length > 1) section.append(html('div', { class: 'controls' }, choice('Measure', names.map(name => [name, measureOf(name).label]), names[0], value => { measure = measureOf(value); table.draw(); })));
  section.append(table.element, html('p', { class: 'quiet', text: 'Baselines keep as many blocks as the setting did on the same prompt. Small figures: the 95 % bootstrap interval of the difference over prompts; where it excludes 0, one is better.' }));
  whenChosen(table.draw);
}
