interface Waiting<In, Out> {
  input: In;
  resolve(output: Out): void;
  reject(error: unknown): void;
}

/** Makes one call of many: what is asked for while a call for the same firm is under way goes with the next. */
export class Together<In, Out> {
  readonly #waiting = new Map<string, Waiting<In, Out>[]>();
  /** By firm, how to end the pause of a call that waits for more. */
  readonly #pauses = new Map<string, () => void>();
  readonly #run: (firm: string, inputs: In[]) => Promise<Out[]>;
  readonly #gather: (firm: string, waiting: number) => number;

  /**
   * @param run gives one output for each input, in their order; what it throws all of them get
   * @param gather milliseconds that a call waits for more to come; asked anew with each that comes, and 0 ends the wait
   */
  constructor(
    run: (firm: string, inputs: In[]) => Promise<Out[]>,
    gather: (firm: string, waiting: number) => number = () => 0,
  ) {
    this.#run = run;
    this.#gather = gather;
  }

  ask(firm: string, input: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(firm);
      if (waiting) {
        waiting.push({ input, resolve, reject });
        if (!this.#gather(firm, waiting.length)) this.#pauses.get(firm)?.();
        return;
      }
      this.#waiting.set(firm, [{ input, resolve, reject }]);
      void this.#work(firm);
    });
  }

  async #work(firm: string): Promise<void> {
    const waiting = this.#waiting.get(firm) ?? [];
    // What is asked for in the same turn of the event loop goes along.
    await Promise.resolve();
    while (waiting.length) {
      const pause = this.#gather(firm, waiting.length);
      if (pause) await this.#pause(firm, pause);
      const some = waiting.splice(0);
      try {
        const outputs = await this.#run(
          firm,
          some.map(({ input }) => input),
        );
        for (const [index, { resolve }] of some.entries()) resolve(outputs[index] as Out);
      } catch (error) {
        for (const { reject } of some) reject(error);
      }
    }
    this.#waiting.delete(firm);
  }

  async #pause(firm: string, milliseconds: number): Promise<void> {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const timer = setTimeout(end, milliseconds);
    this.#pauses.set(firm, end);
    await ended;
    clearTimeout(timer);
    this.#pauses.delete(firm);
  }
}
