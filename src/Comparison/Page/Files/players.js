// Full attention, sparse attention and their difference, side by side or one over the other.

const player = { gain: 8, view: 'side', edge: 50, stepper: undefined, frameListeners: [] };
const speeds = [[0.25, '¼×'], [0.5, '½×'], [1, '1×']];

function buildPlayers() {
  const section = byId('players');
  const [full, sparse] = ['full', 'sparse'].map(name => html('video', { class: name, muted: true, playsinline: true, preload: 'auto', 'aria-label': name === 'full' ? fullName : 'Compared clip' }));
  // The attribute alone does not silence a video that a script made.
  [full, sparse].forEach(video => { video.muted = true; });
  const canvas = html('canvas', { class: 'heat', role: 'img', 'aria-label': 'Heat map of the difference' });
  const note = html('p', { class: 'notice', role: 'status', hidden: true });
  const figures = html('div', { class: 'tiles' });
  const names = [html('figcaption', { text: fullName }), html('figcaption', {})];
  const edge = html('input', { type: 'range', class: 'edge', min: 0, max: 100, step: 1, value: player.edge, 'aria-label': 'Edge between full and sparse', oninput: () => moveEdge(Number(edge.value)) });
  const stage = html('div', { class: 'stage side', tabindex: 0, role: 'group', 'aria-label': 'Videos. Space plays, arrow keys step a frame.' },
    html('figure', { class: 'pane full' }, names[0], html('div', { class: 'screen' }, full)),
    html('figure', { class: 'pane sparse' }, names[1], html('div', { class: 'frame' }, html('div', { class: 'screen' }, sparse), html('div', { class: 'handle', 'aria-hidden': 'true' }))),
    html('figure', { class: 'pane difference' }, html('figcaption', { text: 'Difference' }), html('div', { class: 'screen' }, canvas)));

  function moveEdge(value) {
    player.edge = clamp(value, 0, 100);
    edge.value = player.edge;
    stage.style.setProperty('--edge', `${player.edge}%`);
  }

  const controls = buildControls(stage, edge);
  let difference;
  const stepper = createStepper([full, sparse], controls.showState, () => { difference.refresh(); showFrame(stepper.frame()); });
  difference = createDifference([full, sparse], canvas, stepper.frameAt, () => { if (stepper.playing) showFrame(stepper.frame()); });
  player.stepper = stepper;

  function showFrame(frame) {
    controls.showFrame(frame);
    player.frameListeners.forEach(listener => listener(frame));
  }

  // A drag or tap on the picture moves the edge in the wipe view.
  const drag = event => { if (player.view === 'wipe' && event.buttons) { const box = sparse.getBoundingClientRect(); moveEdge((event.clientX - box.left) / box.width * 100); } };
  stage.addEventListener('pointerdown', event => { drag(event); if (player.view === 'wipe') stage.setPointerCapture(event.pointerId); });
  stage.addEventListener('pointermove', drag);
  stage.addEventListener('click', event => { if (player.view === 'side' && event.target.closest('.screen')) controls.toggle(); });
  document.addEventListener('keydown', event => steerByKey(event, section, controls));

  section.append(figures, note, stage, controls.element, html('p', { class: 'quiet', text: embeddingNote() }));
  setGain(player.gain);
  moveEdge(player.edge);
  let current;
  whenChosen(async () => {
    const pair = chosenPair();
    names[1].textContent = chosenArm()?.label ?? 'Compared';
    showTiles(figures, pair);
    if (pair === current) return;
    current = pair;
    const paths = [promptOf.get(chosen.prompt)?.clip, pair?.clip];
    const [frame, playing] = [stepper.frame(), stepper.playing];
    difference.clear();
    const frames = framesOf(pair ?? {}, 'psnr', 'raw') ?? framesOf(pair ?? {}, 'psnr', 'file');
    const loaded = await stepper.load(paths.map(path => path && addressOf(path)), frames?.length ?? 1, frames ? Math.min(frame, frames.length - 1) : 0);
    if (!loaded) return;
    if (!frames && stepper.ready) stepper.frames = Math.max(1, Math.round(full.duration * 16));
    explain(note, paths, loaded);
    stage.hidden = controls.element.hidden = paths.every(path => !path);
    if (stepper.ready && playing) stepper.play();
  });
}

const fullName = filesOnly ? 'Reference' : 'Full attention';

function explain(note, paths, loaded) {
  const problems = paths.flatMap((path, at) => {
    if (loaded[at]) return [];
    if (!path) return [`There is no ${at ? 'compared' : fullName.toLowerCase()} clip: none was written.`];
    return [`${path} does not play: ${embedded.has(path) ? 'this browser cannot decode it.' : 'it is not inside this page, and beside it there is no such file, or none that this browser can decode.'}`];
  });
  note.hidden = !problems.length;
  note.textContent = problems.join(' ');
}

function embeddingNote() {
  const clips = [...new Set([...report.prompts.map(prompt => prompt.clip), ...report.pairs.map(pair => pair.clip)].filter(Boolean))];
  const inside = clips.filter(path => embedded.has(path)).length;
  if (!clips.length) return 'No clips were written.';
  if (inside === clips.length) return 'All clips are inside this page: it can be sent and opened alone.';
  if (!inside) return 'No clip is inside this page: it needs the folder it was written to.';
  const whole = report.prompts.filter(prompt => [prompt.clip, ...report.pairs.filter(pair => pair.prompt === prompt.index).map(pair => pair.clip)].every(path => !path || embedded.has(path))).length;
  return `${inside} of ${clips.length} clips are inside this page, all those of the first ${whole} ${filesOnly ? 'pairs' : 'prompts'}; the others play only beside their folder.`;
}

function showTiles(figures, pair) {
  const wanted = ['psnr', 'ssim', 'lpips', 'density', 'denoiseSpeedup'].map(measureOf);
  const tiles = pair ? wanted.map(measure => [measure, pairValue(pair, measure.name, chosen.domain)]).filter(([, value]) => value !== undefined) : [];
  figures.replaceChildren(...tiles.map(([measure, value]) => html('div', { class: 'tile', title: measure.title }, html('span', { class: 'quiet', text: measure.label }), html('strong', { text: shown(measure, value, true) }))));
}

const icons = { first: 'M3,3h2.5v12H3zM15,3v12L6,9z', back: 'M13,3v12L5,9z', play: 'M4,2.5L15.5,9L4,15.5z', pause: 'M4,3h3.5v12H4zM10.5,3H14v12h-3.5z', on: 'M5,3v12L13,9z' };
const iconOf = name => svg('svg', { width: 18, height: 18, viewBox: '0 0 18 18', 'aria-hidden': 'true' }, svg('path', { d: icons[name], fill: 'currentColor' }));

function buildControls(stage, edge) {
  const button = (icon, label, click) => html('button', { type: 'button', 'aria-label': label, title: label, onclick: click }, iconOf(icon));
  const play = button('play', 'Play', () => toggle());
  const bar = html('input', { type: 'range', class: 'seek', min: 0, max: 0, step: 1, value: 0, 'aria-label': 'Frame', oninput: () => { player.stepper.pause(); player.stepper.seek(Number(bar.value)); } });
  const counter = html('output', { class: 'counter' });
  const toggle = () => player.stepper.playing ? player.stepper.pause() : player.stepper.play();
  const loop = tickBox('Loop', true, value => { player.stepper.loops = value; });
  const gain = choice('Gain', [1, 2, 4, 8, 16, 32].map(value => [value, `${value}×`]), player.gain, value => { player.gain = Number(value); setGain(player.gain); showScale(); });
  const scale = html('span', { class: 'heat-scale' });
  const showScale = () => scale.replaceChildren(html('span', { text: '0' }), html('span', { class: 'colours' }), html('span', { text: `≥ ${Math.round(255 / player.gain)} of 255` }));
  const wipe = html('label', { class: 'wipe-edge', hidden: true }, html('span', { text: 'Edge' }), edge);
  const view = oneOf('View', [['side', 'side by side'], ['wipe', 'wipe']], player.view, value => {
    player.view = value;
    stage.classList.toggle('wipe', value === 'wipe');
    stage.classList.toggle('side', value === 'side');
    wipe.hidden = value !== 'wipe';
  });
  showScale();
  return {
    toggle,
    toggleLoop: () => { loop.box.checked = player.stepper.loops = !player.stepper.loops; },
    element: html('div', { class: 'player-controls' },
      html('div', { class: 'transport' }, button('first', 'First frame', () => player.stepper.step(-player.stepper.frames)), button('back', 'One frame back', () => player.stepper.step(-1)), play,
        button('on', 'One frame on', () => player.stepper.step(1)), bar, counter),
      html('div', { class: 'controls' }, oneOf('Speed', speeds, 1, value => player.stepper.setSpeed(Number(value))), loop, view, wipe, html('span', { class: 'heat-control' }, gain, scale)),
      html('p', { class: 'quiet keys', text: 'Keys: space plays and pauses, ← → step a frame, Home and End jump, L loops.' })),
    showState: () => {
      const { playing } = player.stepper;
      play.replaceChildren(iconOf(playing ? 'pause' : 'play'));
      play.title = play.ariaLabel = playing ? 'Pause' : 'Play';
    },
    showFrame: frame => {
      bar.max = player.stepper.frames - 1;
      bar.value = frame;
      counter.textContent = `${frame + 1} / ${player.stepper.frames}`;
    },
  };
}

/** Keys work in the players, and where nothing else has the focus. */
function steerByKey(event, section, controls) {
  const { target, key } = event;
  if (event.ctrlKey || event.altKey || event.metaKey || section.hidden || !(target === document.body || section.contains(target))) return;
  if (target.matches('select, input[type=radio]') || (target.matches('input[type=range]') && key !== ' ') || (target.matches('button, input[type=checkbox]') && key === ' ')) return;
  const { stepper } = player;
  const action = ({
    ' ': controls.toggle, ArrowRight: () => stepper.step(1), ArrowLeft: () => stepper.step(-1), l: controls.toggleLoop, L: controls.toggleLoop,
    Home: () => stepper.step(-stepper.frames), End: () => stepper.step(stepper.frames),
  })[key];
  // Home, End and space on the page itself scroll it, as everywhere.
  if (!action || (target === document.body && ['Home', 'End', ' '].includes(key))) return;
  event.preventDefault();
  action();
}
