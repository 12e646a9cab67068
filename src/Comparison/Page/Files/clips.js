// The chosen setting prompt by prompt: where is it worst?

function buildClips() {
  const section = byId('clips');
  section.hidden = report.prompts.length < 2;
  if (section.hidden) return;
  if (filesOnly) section.querySelector('h2').textContent = 'Pairs';
  const lead = html('p', { class: 'quiet' });
  const columns = () => measures.filter(measure => !measure.plotOnly && pairsOfArm(chosen.arm).some(pair => pairValue(pair, measure.name, chosen.domain) !== undefined));
  const table = sortableTable({
    caption: filesOnly ? 'A row for each pair' : 'A row for each prompt',
    head: { text: filesOnly ? 'Pair' : 'Prompt', of: pair => `${pair.prompt + 1}. ${promptOf.get(pair.prompt).text}` },
    rows: () => pairsOfArm(chosen.arm),
    columns,
    value: (pair, measure) => pairValue(pair, measure.name, chosen.domain),
    isChosen: pair => pair.prompt === chosen.prompt,
    choose: pair => choose({ prompt: pair.prompt }),
  });
  section.append(lead, table.element);
  whenChosen(() => {
    lead.textContent = filesOnly ? 'Choose a row to see its videos.' : `${chosenArm()?.label ?? ''}. Choose a row to see its videos; sort by a measure to find the worst.`;
    table.draw();
  });
}
