import { setTimeout as sleep } from 'node:timers/promises';

interface Waiting<In, Out> {
  input: In;
  resolve(output: Out): void;
  reject(error: unknown): void;
}

/** Makes one call of many: what is asked for while a call for the same firm is under way goes with the next. */
export class Together<In, Out> {
  readonly #waiting = new Map<string, Waiting<In, Out>[]>();
  readonly #run: (firm: string, inputs: In[]) => Promise<Out[]>;
  readonly #gather: (firm: string, waiting: number) => number;

  /**
   * @param run gives one output for each input, in their order; what it throws all of them get
   * @param gather milliseconds that a call waits for more to come
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
      if (pause) await sleep(pause);
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
}
