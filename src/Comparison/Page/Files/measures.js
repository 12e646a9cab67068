// What can be measured: names as in report.json, how they are shown, and which way is better (+1 more, -1 less, 0 neither).

const digits = count => value => value.toFixed(count);
const percent = count => value => `${(100 * value).toFixed(count)} %`;
const times = value => `${value.toFixed(2)}×`;

const measures = [
  { name: 'density', label: 'Density', title: 'Share of key blocks computed over all attention calls; dense calls count as 1', better: -1, format: percent(1), axis: 'x' },
  { name: 'sparseDensity', label: 'Sparse density', title: 'Share of key blocks computed over sparse calls only', better: -1, format: percent(1), axis: 'x' },
  { name: 'speedup', label: 'Speed-up', title: 'Mean time of full attention over mean time of this setting, text to frames', better: 1, format: times, axis: 'x' },
  { name: 'denoiseSpeedup', label: 'Denoising speed-up', short: 'Denoising', title: 'The same over the denoising steps alone', better: 1, format: times, axis: 'x' },
  { name: 'attentionSpeedup', label: 'Attention speed-up', short: 'Attention', title: 'The same over self-attention with its selection', better: 1, format: times, axis: 'x' },
  { name: 'psnr', label: 'PSNR', unit: 'dB', title: 'Mean over frames, in dB; ∞ when frames are equal', better: 1, format: digits(2), axis: 'y' },
  { name: 'psnrCapped', label: 'PSNR, capped', unit: 'dB', title: 'The same with each frame at most 100 dB', better: 1, format: digits(2), plotOnly: true, axis: 'y' },
  { name: 'ssim', label: 'SSIM', title: 'Structural similarity, 1 for equal frames', better: 1, format: digits(4), axis: 'y' },
  { name: 'ssimValid', label: 'SSIM without borders', title: 'The same without a rim of 5 pixels', better: 1, format: digits(4), plotOnly: true, axis: 'y' },
  { name: 'ssimZeroPadded', label: 'SSIM, zeros around', title: 'The same with zeros beyond the borders', better: 1, format: digits(4), plotOnly: true, axis: 'y' },
  { name: 'ssimUniform', label: 'SSIM, uniform window', title: 'With an even window of 11 pixels instead of a Gaussian one', better: 1, format: digits(4), plotOnly: true, axis: 'y' },
  { name: 'msSsim', label: 'MS-SSIM', title: 'Structural similarity over five scales', better: 1, format: digits(4), axis: 'y' },
  { name: 'lpips', label: 'LPIPS', title: 'Learned perceptual distance, 0 for equal frames', better: -1, format: digits(4), axis: 'y' },
  { name: 'vmaf', label: 'VMAF', title: 'VMAF of ffmpeg, 0 to 100', better: 1, format: digits(2), axis: 'y' },
  { name: 'temporalFlickering', label: 'Flickering', title: 'VBench temporal flickering of this clip; more is steadier', better: 1, format: digits(4), axis: 'y' },
  { name: 'referenceTemporalFlickering', label: 'Flickering of reference', short: 'of reference', title: 'The same of the clip of full attention, or of the reference file', better: 0, format: digits(4) },
  { name: 'recall', label: 'Recall', title: 'Share of the exact softmax weight that lies in the blocks kept, at sampled steps and layers of the full-attention run', better: 1, format: percent(1), axis: 'y' },
  { name: 'oracleRecall', label: 'Oracle recall', title: 'The best recall with as many blocks, at the same places', better: 0, format: percent(1), axis: 'y' },
  { name: 'relativeL1', label: 'Relative L1', title: 'Error of the attention output, Σ|O − O*| / Σ|O*|', better: -1, format: digits(4), axis: 'y' },
  { name: 'relativeL2', label: 'Relative L2', title: 'Error of the attention output, ‖O − O*‖ / ‖O*‖', better: -1, format: digits(4), axis: 'y' },
  { name: 'cosine', label: 'Cosine', title: 'Cosine of the attention outputs', better: 1, format: digits(5), plotOnly: true, axis: 'y' },
  { name: 'totalSeconds', label: 'Seconds', title: 'Text to frames', better: -1, format: digits(2), axis: 'x' },
];

const measureOf = name => measures.find(measure => measure.name === name);

/** Text of a value; ∞ as such, a dash for what was not computed. */
function shown(measure, value, withUnit) {
  if (value === undefined || value === null || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  return measure.format(value).replace('-', '−') + (withUnit && measure.unit ? ` ${measure.unit}` : '');
}
