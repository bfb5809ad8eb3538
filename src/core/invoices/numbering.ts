/**
 * The number of an invoice: "2026-0007". Credit notes are counted in the same series, so that one series without a gap shows that
 * nothing was left out.
 */
export function numberText(year: number, serial: number): string {
  return `${year}-${String(serial).padStart(4, '0')}`;
}

/** The year in which something is counted that is issued on that day. */
export function yearOf(day: string): number {
  return Number(day.slice(0, 4));
}
