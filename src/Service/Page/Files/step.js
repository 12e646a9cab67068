// Two videos that play in step.

const nextFrame = callback => requestAnimationFrame(callback);

/**
 * Plays two videos as one. The first leads; the second runs a little faster or slower until it is with it, and jumps when it is far off.
 * `moved` is told the time, seconds, and whether they play. Gives { toggle, seek, close }.
 */
export function inStep(first, second, framesPerSecond, moved) {
  const frame = 1 / framesPerSecond;
  let isPlaying = false;
  let isOpen = true;
  const length = () => Math.min(first.duration || 0, second.duration || 0);

  const align = () => { second.currentTime = first.currentTime; };
  // A jump costs frames: it is for what cannot be made good in a second.
  const follow = () => {
    const ahead = second.currentTime - first.currentTime;
    if (Math.abs(ahead) > 2 * frame) align();
    else second.playbackRate = Math.abs(ahead) > frame / 4 ? 1 - Math.sign(ahead) * 0.12 : 1;
  };
  const rewind = () => { first.currentTime = second.currentTime = 0; };
  const watch = () => {
    if (!isOpen) return;
    if (isPlaying && (first.ended || second.ended)) {
      rewind();
      start();
    } else if (isPlaying && !first.seeking && !second.seeking) {
      follow();
    }
    moved(first.currentTime, isPlaying);
    nextFrame(watch);
  };
  const start = () => Promise.all([first.play(), second.play()]).catch(() => isPlaying = false);

  nextFrame(watch);
  return {
    length,
    toggle() {
      isPlaying = !isPlaying;
      if (isPlaying) return start();
      first.pause();
      second.pause();
      align();
    },
    seek(seconds) {
      first.currentTime = second.currentTime = Math.min(Math.max(seconds, 0), length());
    },
    close() {
      isOpen = false;
      first.pause();
      second.pause();
    },
  };
}
