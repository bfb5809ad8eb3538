/** A calendar day so many days after the day of the seed, as forms write it. */
export function dayAfter(day: Date, days: number): string {
  return new Date(day.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}
