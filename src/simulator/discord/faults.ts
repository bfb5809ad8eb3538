/** How a call of the bot is to fail. */
export interface Fault {
  status: number;
  /** Discord's number for what is wrong. */
  code?: number;
  /** Seconds, for 429. */
  retryAfter?: number;
  /** 429: all calls of the bot, and not one channel's. */
  global?: boolean;
  /** The call takes effect, but its answer never arrives. */
  lost?: boolean;
}

export interface Faults {
  /** The bot's next calls fail so. */
  failNext(fault: Fault, times?: number): void;
  /** Every answer takes this long. */
  latency(milliseconds: number): void;
}

export function injectedFaults(): Faults & { take(): Fault | null; delay(): number } {
  const waiting: Fault[] = [];
  let milliseconds = 0;
  return {
    failNext: (fault, times = 1) => {
      waiting.push(...Array.from({ length: times }, () => fault));
    },
    latency: (to) => {
      milliseconds = to;
    },
    take: () => waiting.shift() ?? null,
    delay: () => milliseconds,
  };
}
