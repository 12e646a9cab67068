// The difference of two videos, drawn from the very frames on screen. Drawing works for files beside the page too; only reading pixels
// back would be forbidden there, and nothing reads them: the gain and the colours are a filter over the canvas.

/**
 * @param videos two video elements.
 * @param canvas where to draw.
 * @param frameAt the number of the frame at a media time in seconds.
 * @param shown called with the number of each frame of the first video that reaches the screen.
 */
function createDifference(videos, canvas, frameAt, shown) {
  const sides = videos.map(video => ({ video, frame: -1, picture: html('canvas', {}) }));
  const perFrame = 'requestVideoFrameCallback' in HTMLVideoElement.prototype;

  function take(side, time) {
    const { video, picture } = side;
    if (!video.videoWidth) return;
    if (picture.width !== video.videoWidth || picture.height !== video.videoHeight) Object.assign(picture, { width: video.videoWidth, height: video.videoHeight });
    picture.getContext('2d').drawImage(video, 0, 0);
    side.frame = frameAt(time);
    if (side === sides[0]) shown(side.frame);
    if (sides[0].frame === sides[1].frame) draw();
  }

  function draw() {
    const [full, sparse] = sides;
    const { width, height } = full.picture;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext('2d');
    context.globalCompositeOperation = 'copy';
    context.drawImage(full.picture, 0, 0);
    context.globalCompositeOperation = 'difference';
    context.drawImage(sparse.picture, 0, 0, width, height);
    canvas.dataset.frame = full.frame;
  }

  function listen(side) {
    const { video } = side;
    const again = (_, frame) => { take(side, frame.mediaTime); video.requestVideoFrameCallback(again); };
    if (perFrame) video.requestVideoFrameCallback(again);
    else ['seeked', 'loadeddata', 'timeupdate'].forEach(name => video.addEventListener(name, () => take(side, video.currentTime)));
  }

  sides.forEach(listen);
  return {
    /** For browsers that do not report frames: called once per screen frame while playing. */
    refresh: () => { if (!perFrame) sides.forEach(side => take(side, side.video.currentTime)); },
    clear: () => {
      sides.forEach(side => { side.frame = -1; });
      delete canvas.dataset.frame;
      canvas.getContext('2d').clearRect(0, 0, canvas.width, canvas.height);
    },
  };
}

/** The gain of the heat map: mean of the three channels, times the gain. */
function setGain(gain) {
  const row = `${gain / 3} ${gain / 3} ${gain / 3} 0 0 `;
  byId('heat-gain').setAttribute('values', `${row.repeat(3)}0 0 0 1 0`);
}
