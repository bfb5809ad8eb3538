import { MOST_TICKED, ticksIn } from '../core/kernel/ticks.ts';

interface Option {
  value: string;
  label: string;
}

/**
 * As many choices as a list has room for, in their order. What is chosen or ticked in it already is among them: sending the form
 * would take it back otherwise.
 */
export function fittingOptions(options: readonly Option[], room: number, value = ''): readonly Option[] {
  if (options.length <= room) return options;
  const held = new Set([value, ...ticksIn(value)]);
  const kept = new Set(options.filter((one) => held.has(one.value)).slice(0, MOST_TICKED));
  for (const one of options) if (kept.size < room) kept.add(one);
  return options.filter((one) => kept.has(one));
}
