/** A press that was made, kept so that it can be made again. */
export interface Press {
  label: string;
  /** What it was about: the title of the card. */
  thing: string;
  by: string;
  where: string;
  /** Presses the same button again, as it was then: a screen that did not update. */
  again(): Promise<unknown>;
  /** Delivers the very same request again: a platform that is not sure it arrived. */
  twice(): Promise<unknown>;
}

const MOST = 8;

/** The last presses, newest first. */
export class Presses {
  private readonly kept: (Press & { id: string })[] = [];
  private count = 0;

  add(press: Press): void {
    this.count += 1;
    this.kept.unshift({ ...press, id: String(this.count) });
    this.kept.length = Math.min(this.kept.length, MOST);
  }

  /** @throws Error for one that is not kept any more */
  get(id: unknown): Press {
    const press = this.kept.find((one) => one.id === id);
    if (!press) throw new Error('That press is not on record any more.');
    return press;
  }

  list(): (Omit<Press, 'again' | 'twice'> & { id: string })[] {
    return this.kept.map(({ again: _again, twice: _twice, ...shown }) => shown);
  }
}
