// Two videos in step. The first is the clock; the second follows: a little faster or slower while it is a fraction of a frame off,
// and the one ahead waits when they are further apart.

const waitFor = (target, name) => new Promise(resolve => target.addEventListener(name, resolve, { once: true }));

/**
 * @param videos the clock and its follower.
 * @param changed called when playing starts or stops.
 * @param ticked called once per screen frame while playing, and after every seek.
 */
function createStepper(videos, changed, ticked) {
  const [clock, follower] = videos;
  const self = { frames: 1, speed: 1, loops: true, playing: false };
  let turn = 0, held = null, seeking = false, next = null;

  const frameTime = () => (clock.duration || 1) / self.frames;
  // A nanosecond early is the same frame.
  self.frameAt = time => clamp(Math.floor(time / frameTime() + 1e-2), 0, self.frames - 1);
  self.frame = () => next ?? self.frameAt(clock.currentTime);
  self.drift = () => (follower.currentTime - clock.currentTime) / frameTime();

  /** Shows a frame in both: the middle of its time, so that rounding cannot pick a neighbour. Of seeks in a hurry only the last one counts. */
  self.seek = async frame => {
    next = clamp(frame, 0, self.frames - 1);
    ticked();
    if (seeking) return;
    seeking = true;
    const own = turn;
    while (next !== null && own === turn) {
      const target = next, time = (target + 0.5) * frameTime();
      const arrived = videos.map(video => waitFor(video, 'seeked'));
      videos.forEach(video => { video.currentTime = time; });
      await Promise.race([Promise.all(arrived), new Promise(resolve => setTimeout(resolve, 3000))]);
      if (next === target) next = null;
    }
    seeking = false;
    ticked();
  };

  self.step = by => { const at = self.frame(); self.pause(); return self.seek(at + by); };

  self.play = async () => {
    if (self.playing || !self.ready) return;
    self.playing = true;
    changed();
    const own = ++turn;
    seeking = false;
    next = null;
    if (atEnd()) await startOver();
    if (own !== turn || !self.playing) return;
    await start();
    if (own === turn) watch(own);
  };

  self.pause = () => {
    if (!self.playing) return;
    self.playing = false;
    turn++;
    seeking = false;
    const frame = self.frameAt(clock.currentTime);
    stop();
    changed();
    self.seek(frame);
  };

  self.setSpeed = speed => { self.speed = speed; videos.forEach(video => { video.playbackRate = speed; }); };

  /** Loads another pair, stopped at its first frame or at `frame`; tells which addresses cannot be played. */
  self.load = async (addresses, frames, frame = 0) => {
    const own = ++turn;
    Object.assign(self, { playing: false, ready: false, frames: Math.max(1, frames) });
    seeking = false;
    held = next = null;
    changed();
    const outcomes = videos.map((video, at) => {
      video.pause();
      const outcome = new Promise(resolve => { video.onloadeddata = () => resolve(true); video.onerror = () => resolve(false); });
      if (addresses[at]) video.src = addresses[at]; else { video.removeAttribute('src'); video.load(); return false; }
      return outcome;
    });
    const loaded = await Promise.all(outcomes);
    if (own !== turn) return null;
    self.ready = loaded.every(Boolean);
    self.setSpeed(self.speed);
    if (self.ready) await self.seek(frame);
    return loaded;
  };

  const atEnd = () => videos.some(video => video.ended) || clock.currentTime >= clock.duration - frameTime() * 0.55;
  const start = () => { held = null; return Promise.all(videos.map(video => video.play())).catch(() => {}); };
  const stop = () => { held = null; videos.forEach(video => { video.pause(); video.playbackRate = self.speed; }); };

  async function startOver() {
    const arrived = videos.map(video => waitFor(video, 'seeked'));
    videos.forEach(video => { video.pause(); video.currentTime = 0; });
    await Promise.all(arrived);
  }

  function watch(own) {
    if (own !== turn || !self.playing) return;
    if (videos.some(video => video.ended)) { end(own); return; }
    keepInStep();
    ticked();
    requestAnimationFrame(() => watch(own));
  }

  async function end(own) {
    if (!self.loops) {
      self.playing = false;
      turn++;
      stop();
      changed();
      self.seek(self.frames - 1);
      return;
    }
    await startOver();
    if (own !== turn || !self.playing) return;
    await start();
    watch(own);
  }

  function keepInStep() {
    const drift = self.drift();
    if (held) {
      if (Math.abs(drift) > 0.2 && (drift > 0) === (held === follower)) return;
      held.play().catch(() => {});
      held = null;
    } else if (Math.abs(drift) > 0.7) {
      held = drift > 0 ? follower : clock;
      held.pause();
    }
    follower.playbackRate = self.speed * (1 - (Math.abs(drift) > 0.08 ? clamp(drift, -1, 1) * 0.3 : 0));
  }

  return self;
}
