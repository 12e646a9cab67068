// What was compared, on what, and what is missing.

function named(list) {
  return html('dl', {}, list.map(line => html('div', {}, html('dt', { text: line.name }), html('dd', { text: line.value }))));
}

function fold(title, open, ...content) {
  return html('details', { open }, html('summary', { text: title }), content);
}

function describeReport() {
  const count = (amount, one, many = `${one}s`) => `${amount} ${amount === 1 ? one : many}`;
  const what = filesOnly
    ? [count(report.pairs.length, 'pair of videos', 'pairs of videos')]
    : [count(report.prompts.length, 'prompt'), count(report.arms.length, 'setting'), count(report.pairs.length, 'pair of clips', 'pairs of clips')];
  const made = new Date(report.created);
  const when = Number.isNaN(made.getTime()) ? report.created : `${made.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  byId('summary').textContent = `${what.join(' · ')} · made ${when} by XVideo ${report.version}`;

  const about = byId('about');
  const lists = [['Settings that all clips share', report.settings], ['Environment', report.environment]].filter(([, list]) => list.length);
  if (lists.length) about.append(fold(lists.length > 1 ? 'Settings and environment' : lists[0][0], false, lists.map(([title, list]) => [lists.length > 1 ? html('h3', { text: title }) : null, named(list)])));
  if (report.notComputed.length) about.append(fold(`Not computed (${report.notComputed.length})`, report.notComputed.length <= 3, named(report.notComputed)));
}

function linkParts() {
  const links = [...document.querySelectorAll('main > section:not([hidden])')].map(section => html('a', { href: `#${section.id}`, text: section.querySelector('h2').textContent }));
  document.querySelector('nav').append(...links);
}
