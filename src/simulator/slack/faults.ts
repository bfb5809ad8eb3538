/** How a call is to fail. */
export interface Fault {
  /** An HTTP status, without Slack's JSON. */
  status?: number;
  /** Slack's word for what is wrong. */
  error?: string;
  /** 429, with the seconds to wait. */
  retryAfter?: number;
  /** The call takes effect, but its answer never arrives. */
  lost?: boolean;
  /** How often, 1 by default; Infinity until `clear`. */
  times?: number;
}

export interface Faults {
  /** The next calls of the method fail so; `*` stands for all of them, `response_url` for answers to a request. */
  failNext(method: string, fault: Fault): void;
  /** Every answer takes this long. */
  latency(milliseconds: number): void;
  clear(): void;
}

/** The faults to inject; `take` uses one up. */
export function injectedFaults(): Faults & { take(method: string): Fault | null; delay(): number } {
  const waiting: { method: string; fault: Fault; left: number }[] = [];
  let milliseconds = 0;
  return {
    failNext: (method, fault) => {
      waiting.push({ method, fault, left: fault.times ?? 1 });
    },
    latency: (to) => {
      milliseconds = to;
    },
    clear: () => {
      waiting.length = 0;
      milliseconds = 0;
    },
    delay: () => milliseconds,
    take: (method) => {
      const next = waiting.find((one) => one.left > 0 && (one.method === method || one.method === '*'));
      if (!next) return null;
      next.left -= 1;
      return next.fault;
    },
  };
}
