// The bar that chooses setting, prompt and domain for the whole page.

const cut = (text, length) => text.length > length ? `${text.slice(0, length - 1)}…` : text;

function buildSelection() {
  const bar = byId('selection');
  const prompts = report.prompts.map(prompt => [String(prompt.index), cut(`${prompt.index + 1}. ${prompt.text}`, 90)]);
  const promptField = choice(filesOnly ? 'Pair' : 'Prompt', prompts, '', value => choose({ prompt: Number(value) }));
  const armField = choice('Setting', report.arms.map(arm => [arm.id, arm.label, methodName(arm.method)]), '', value => choose({ arm: value }));
  promptField.classList.add('wide');
  bar.append(promptField);
  if (report.arms.length > 1) bar.append(armField);
  if (domains.length > 1) bar.append(oneOf('Measured on', [['raw', 'frames before encoding'], ['file', 'decoded files']], chosen.domain, value => choose({ domain: value })));
  bar.hidden = report.pairs.length < 2 && domains.length < 2;
  whenChosen(() => {
    promptField.list.value = String(chosen.prompt);
    armField.list.value = chosen.arm;
  });
}
