// The report, ready to be asked.

const report = JSON.parse(byId('data').textContent);
const links = JSON.parse(byId('links').textContent);
const number = value => value === undefined || value === null ? undefined : Number(value); // "Infinity" too

const promptOf = new Map(report.prompts.map(prompt => [prompt.index, prompt]));
const armOf = new Map(report.arms.map(arm => [arm.id, arm]));
const pairOf = new Map(report.pairs.map(pair => [`${pair.prompt} ${pair.arm}`, pair]));
const pairsOfArm = id => report.pairs.filter(pair => pair.arm === id);
const domains = ['raw', 'file'].filter(domain => report.pairs.some(pair => pair[domain]) || report.arms.some(arm => arm[domain].psnr));
const filesOnly = report.arms.every(arm => arm.method === 'file');

/** The statistic of an arm: scores of the chosen domain, everything else from before encoding, where the report keeps it. */
function statistic(arm, name, domain) {
  const found = arm[domain]?.[name] ?? (isScore(name) ? undefined : arm.raw[name]);
  return found && { mean: number(found.mean), median: number(found.median), low: number(found.low), high: number(found.high), deviation: number(found.deviation) };
}

const scoreNames = new Set(report.pairs.flatMap(pair => [pair.raw, pair.file]).filter(Boolean).flatMap(scores => Object.keys(scores.means)));
const isScore = name => scoreNames.has(name);
const meanOf = (arm, name, domain) => statistic(arm, name, domain)?.mean;

/** A measure of one pair. */
function pairValue(pair, name, domain) {
  const full = promptOf.get(pair.prompt)?.cost, own = pair.cost;
  const attention = cost => cost.attentionSeconds === undefined ? undefined : cost.attentionSeconds + (cost.selectionSeconds ?? 0);
  const ratio = of => full && own && of(full) && of(own) ? of(full) / of(own) : undefined;
  switch (name) {
    case 'density': return pair.density;
    case 'sparseDensity': return pair.sparseDensity;
    case 'speedup': return ratio(cost => cost.totalSeconds);
    case 'denoiseSpeedup': return ratio(cost => cost.denoiseSeconds);
    case 'attentionSpeedup': return ratio(attention);
    case 'totalSeconds': return own?.totalSeconds;
    default: return number(pair[domain]?.means[name]);
  }
}

/** Values by frame, or nothing. */
const framesOf = (pair, name, domain) => pair?.[domain]?.frames[name]?.map(number);

const embedded = new Map([...document.querySelectorAll('script[data-path]')].map(script => [script.dataset.path, script]));
const addresses = new Map();

/** The address of a clip or picture: out of the page where it is inside, else beside it. */
function addressOf(path) {
  const script = embedded.get(path);
  if (!script) return links[path];
  const type = script.type.replace(';base64', '');
  if (type.startsWith('image/')) return `data:${type};base64,${script.textContent}`;
  if (!addresses.has(path)) {
    const bytes = Uint8Array.from(atob(script.textContent), character => character.charCodeAt(0));
    addresses.set(path, URL.createObjectURL(new Blob([bytes], { type })));
  }
  return addresses.get(path);
}

// What is chosen; parts of the page listen. A change of frame is the player's own business and does not go through here.
const chosen = { arm: undefined, prompt: undefined, domain: domains[0] ?? 'raw', intervals: report.arms.length <= 40 };
const listeners = [];
const whenChosen = listener => listeners.push(listener);

function choose(change) {
  Object.assign(chosen, change);
  if (!pairOf.has(`${chosen.prompt} ${chosen.arm}`)) {
    // Not every arm has every prompt, as in a comparison that is still running: what was asked for last decides.
    const nearest = change.prompt !== undefined ? report.pairs.find(pair => pair.prompt === chosen.prompt) : report.pairs.find(pair => pair.arm === chosen.arm);
    if (nearest) Object.assign(chosen, { prompt: nearest.prompt, arm: nearest.arm });
  }
  listeners.forEach(listener => listener());
}

const chosenPair = () => pairOf.get(`${chosen.prompt} ${chosen.arm}`);
const chosenArm = () => armOf.get(chosen.arm);
