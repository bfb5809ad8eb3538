/** The middle of the values; of an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The value below which `percent` of the values lie, interpolated between neighbours. NaN for no values. */
export function percentile(values: readonly number[], percent: number): number {
  if (!values.length) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const at = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

/** Three digits that count, without an exponent: 0.0123, 1.23, 12.3, 1230. */
export function three(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 4));
}

/**
 * The geometric mean over the rounds of one divided by the other in the same round. No median: which of the two is measured twice in a
 * row changes from round to round, the second time is faster by up to a third, and of two heaps of ratios a median takes a side.
 */
export function meanRatio(ones: readonly number[], others: readonly number[]): number {
  const logs = ones.map((one, round) => Math.log(one / Number(others[round])));
  return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
}
