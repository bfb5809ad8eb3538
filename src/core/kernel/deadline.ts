/** The time by which something must be over. One timer, whatever it is spent on: waiting for a turn, a connection, an answer. */
export class Deadline {
  /** What is to be given up when the time is over; whoever goes on to the next thing says so here. */
  giveUp: () => void = () => undefined;
  over = false;
  readonly #timer: NodeJS.Timeout | null;

  /** @param milliseconds Infinity for no end */
  constructor(milliseconds: number) {
    this.#timer =
      milliseconds === Number.POSITIVE_INFINITY
        ? null
        : setTimeout(() => {
            this.over = true;
            this.giveUp();
          }, milliseconds);
  }

  end(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }
}

/** The time was over before there was a connection to work on. */
export class Overdue extends Error {
  constructor() {
    super('there was no free connection in time');
    this.name = 'Overdue';
  }
}
