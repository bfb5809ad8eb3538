import type pg from 'pg';
import { codeOf } from './outage.ts';

/** Milliseconds after which a connection that could not be made was waited for in vain: a refusal comes at once. */
const IN_VAIN = 800;
/** Milliseconds for which one connection waits for all. A network that comes back carries a new one sooner than an old one. */
const ATTEMPT = 5_000;
/** Milliseconds for which those who come meanwhile wait along with it, so that whoever comes as it is answered is served. */
const ALONG = 500;

/**
 * Keeps a server that answers nothing (frozen, or behind a network that drops all) from being knocked at by everybody: what is
 * given up stays in its queue, and it works through that queue, a process for each, before it lets anybody in again. While
 * it is silent, one connection waits for its answer; everybody else is refused soon.
 */
export class Silence {
  #waiting: Promise<void> | null = null;
  /** Whether anybody came since the last attempt began. Where nobody does, none is made. */
  #wanted = false;
  readonly #open: (milliseconds: number) => pg.Client;

  /** @param open a client to the server that is not connected yet, which gives up after so many milliseconds */
  constructor(open: (milliseconds: number) => pg.Client) {
    this.#open = open;
  }

  /** Connects, unless the server is known to be silent. @throws ServerSilent; what `connect` throws */
  async connect<T>(connect: () => Promise<T>): Promise<T> {
    if (this.#waiting !== null) await this.#wait(this.#waiting);
    const started = performance.now();
    try {
      return await connect();
    } catch (error) {
      if (!isAnswer(error) && performance.now() - started > IN_VAIN) this.#waiting ??= this.#listen();
      throw error;
    }
  }

  #wait(answered: Promise<void>): Promise<void> {
    this.#wanted = true;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new ServerSilent()), ALONG);
      answered.then(() => {
        clearTimeout(late);
        resolve();
      }, reject);
    });
  }

  async #listen(): Promise<void> {
    do this.#wanted = false;
    while (!(await this.#answers()) && this.#wanted);
    this.#waiting = null;
  }

  async #answers(): Promise<boolean> {
    const started = performance.now();
    const client = this.#open(ATTEMPT);
    client.on('error', () => undefined);
    try {
      const connecting = client.connect();
      // It is nobody's: a process that has nothing else to do may end.
      (client as unknown as Wired).connection.stream.unref();
      await connecting;
      return true;
    } catch (error) {
      return isAnswer(error) || performance.now() - started < IN_VAIN;
    } finally {
      client.end().catch(() => undefined);
    }
  }
}

/** What pg's types leave out. */
interface Wired {
  connection: { stream: { unref(): void } };
}

/** An error with a code of PostgreSQL's own came from the server; those of Node begin with an E. */
function isAnswer(error: unknown): boolean {
  return /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(codeOf(error));
}

/** The server has let others wait for a connection in vain and has not answered since. */
class ServerSilent extends Error {
  readonly code = 'ETIMEDOUT';

  constructor() {
    super('the database server does not answer: one connection waits for it, and no other is tried meanwhile');
    this.name = 'ServerSilent';
  }
}
