// Puts the page together.

if (report.pairs.length) {
  describeReport();
  buildSelection();
  buildScatter();
  buildVersus();
  buildArms();
  buildPlayers();
  buildCurves();
  buildClips();
  buildAttention();
  // The noise floor looks like full attention: the first thing shown is something to compare.
  const first = report.pairs.find(pair => armOf.get(pair.arm)?.method !== 'dense') ?? report.pairs[0];
  choose({ prompt: first.prompt, arm: first.arm });
} else {
  describeReport();
  document.querySelectorAll('main > section').forEach(section => { section.hidden = true; });
  byId('selection').hidden = true;
  byId('about').append(html('p', { class: 'notice', text: 'Nothing has been compared yet: this report has no pairs.' }));
}
linkParts();
