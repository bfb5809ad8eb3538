/** Minutes for which somebody may repeat a press of which nobody knows what became of it. */
const LIFE = 10 * 60_000;
/** During an outage every press can become one; older ones are forgotten first. */
const MOST = 1_000;

/**
 * Presses whose commit was under way when the connection was lost. A press again has an id of its own, so the first
 * one's is kept here: the same person with the same input is answered with what the first press did, if it did.
 */
export class Unsettled {
  readonly #requests = new Map<string, { request: string; until: number }>();

  note(key: string, request: string): void {
    this.#requests.delete(key);
    this.#requests.set(key, { request, until: Date.now() + LIFE });
    if (this.#requests.size > MOST) this.#requests.delete(this.#requests.keys().next().value as string);
  }

  /** The id under which the same was asked before. */
  find(key: string): string | null {
    if (!this.#requests.size) return null;
    const known = this.#requests.get(key);
    return known && known.until > Date.now() ? known.request : null;
  }

  /** It is known now what became of it. */
  settle(key: string): void {
    if (this.#requests.size) this.#requests.delete(key);
  }
}
