/** Where the process reads time. Inside a transaction time is `ctx.now`, which starts from the database's clock. */
export interface Clock {
  /** The clock's idea of the given real instant (a jumped clock adds its offset). */
  adjust(real: Date): Date;
  now(): Date;
}

export const systemClock: Clock = { adjust: (real) => real, now: () => new Date() };

/** A clock that can jump, for the simulation console and for tests. */
export class JumpingClock implements Clock {
  private offset = 0;

  adjust(real: Date): Date {
    return new Date(real.getTime() + this.offset);
  }

  now(): Date {
    return this.adjust(new Date());
  }

  /** @param milliseconds how far to jump, forwards or (negative) back */
  jump(milliseconds: number): void {
    this.offset += milliseconds;
  }
}
