/** Milliseconds for which this process has computed since it began. Unlike a clock, they stand still while others have the processor. */
export function computed(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
