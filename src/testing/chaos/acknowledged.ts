import { pause } from './fleet.ts';

/** The marks of acts that the hub acknowledged. */
export class Acknowledged extends Set<string> {
  #waiting: (() => void)[] = [];

  override add(mark: string): this {
    for (const go of this.#waiting.splice(0)) go();
    return super.add(mark);
  }

  /** Resolves at the next acknowledgement, or after so many milliseconds without one. */
  next(patience: number): Promise<unknown> {
    return Promise.race([new Promise<void>((resolve) => this.#waiting.push(resolve)), pause(patience)]);
  }
}
