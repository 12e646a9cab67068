// Puts the page together.

import { connection, get } from './api.js';
import { startBanner } from './banner.js';
import { announce, byId } from './elements.js';
import { setExamples } from './examples.js';
import { setModel } from './fields.js';
import { startFollowing, stopAll } from './follow.js';
import { changed, fillFrom, startForm } from './form.js';
import { startGallery, updateCards } from './gallery.js';
import { askForKey, currentKey, forgetKey, keys } from './key.js';
import { showProblem } from './problem.js';
import { goHome } from './route.js';
import { activeOnes, changes, find, forgetAll, reload, state } from './videos.js';
import { startView } from './view.js';
import { isCanceled } from './words.js';

const queueInterval = 15_000;
let model = null;
let isLoading = false;

async function load() {
  isLoading = true;
  try {
    // One after the other: were the key wrong, all would be refused, and refusals are counted.
    if (!model) {
      model = (await get('v1/models')).data[0];
      byId('model').textContent = `Model: ${model.id}`;
      setModel(model);
      setExamples(model.examples);
      const [width, height] = model.defaults.size.split('x');
      document.documentElement.style.setProperty('--ratio', `${width} / ${height}`);
      changed();
    }
    await reload();
    await readQueue();
    showProblem(byId('gallery-problem'), null);
  } catch (problem) {
    showProblem(byId('gallery-problem'), problem);
  }
  isLoading = false;
  showKeyButton();
}

async function readQueue() {
  const queue = await get('v1/queue');
  state.secondsPerVideo = queue.mean_seconds_per_job;
  byId('queue').textContent = queue.depth + queue.running === 0 ? 'Nothing is waiting' : `${queue.running} running, ${queue.depth} waiting`;
  updateCards();
}

function showKeyButton() {
  const button = byId('key-button');
  button.hidden = !currentKey() && model !== null; // a server without keys
  button.textContent = currentKey() ? 'Forget the key' : 'Enter a key';
}

function keyClicked() {
  if (!currentKey()) return askForKey();
  forgetKey();
  // Everything that the key could see goes with it.
  location.reload();
}

function keyChanged() {
  showKeyButton();
  // The first load goes on by itself.
  if (isLoading) return;
  stopAll();
  forgetAll();
  load();
}

function tellTurns({ detail: { id, before } }) {
  const video = find(id);
  if (!video || !before || before.status === video.status) return;
  const happened = video.status === 'in_progress' ? 'is being made' : video.status === 'completed' ? 'is finished' : isCanceled(video) ? 'was cancelled' : video.status === 'failed' ? 'failed' : 'waits again';
  announce(`The video “${video.prompt.slice(0, 60)}” ${happened}.`);
  readQueue().catch(() => {});
}

function showTitle() {
  const running = activeOnes().find(video => video.status === 'in_progress');
  document.title = running ? `${running.progress} % – XVideo` : 'XVideo';
}

startBanner();
startForm();
startGallery();
startFollowing();
changes.addEventListener('video', tellTurns);
changes.addEventListener('video', showTitle);
connection.addEventListener('found', load);
keys.addEventListener('changed', keyChanged);
byId('key-button').addEventListener('click', keyClicked);
document.addEventListener('visibilitychange', () => { if (!document.hidden && !connection.isLost && model) load(); });
setInterval(() => { if (!document.hidden && !connection.isLost && activeOnes().length) readQueue().catch(() => {}); }, queueInterval);
await load();
startView((video, seed) => { goHome(); fillFrom(video, seed); });
