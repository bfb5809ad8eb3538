import type { Context } from '../core/kernel/context.ts';
import { withActor } from '../core/kernel/context.ts';
import type { App } from '../core/kernel/registry.ts';
import type { DeliverJob } from './announce.ts';
import { deliverJob } from './announce.ts';
import type { Channels } from './channel.ts';
import type { Drawings } from './drawing.ts';
import { Together } from './together.ts';
import type { Begun, DueCard, Shown, Turn } from './turn.ts';
import { beginTurns, endTurns, giveBack, noteShown, renewTurns, takeCards } from './turn.ts';

/** A room that was taken, with what it lacks. */
export interface Taken {
  turn: Turn;
  cards: DueCard[];
  /** More may be due than was taken. */
  full: boolean;
  /** What was drawn since, shared with the rooms that were taken together with it. */
  drawings: Drawings;
}

/** How a turn ended. */
export interface Ended {
  turn: Turn;
  /** What was taken and not touched. */
  left: DueCard[];
  shown: Shown[];
  /** There is more to do at once. */
  more: boolean;
}

/** Cards of one turn: then it is another room's. */
const CARDS = 8;
/** Milliseconds for which rooms that are done wait for others, so that what they show is noted with one statement. */
const GATHER = 60;
/** Milliseconds after which whoever has rooms says that it lives: several times within the time in which it may be doubted. */
const BEAT = 1_500;
/** Not heard of since before all time: the room is somebody else's. */
const LOST = Number.NEGATIVE_INFINITY;

/** The turns of a process. Those of one firm that begin, last or end at the same time share their transactions. */
export class RoomTurns {
  readonly #app: App;
  readonly #channels: Channels;
  /** Those under way, by firm. */
  readonly #open = new Map<string, Set<Turn>>();
  #beating: NodeJS.Timeout | null = null;
  readonly #beginning: Together<string, { begun: Begun; cards: DueCard[]; drawings: Drawings }>;
  readonly #ending: Together<Ended, void>;

  constructor(app: App, channels: Channels) {
    this.#app = app;
    this.#channels = channels;
    this.#beginning = new Together((firm, rooms) => this.#beginAll(firm, rooms));
    this.#ending = new Together(
      (firm, ended) => this.#endAll(firm, ended),
      (firm, waiting) => ((this.#open.get(firm)?.size ?? 0) > waiting ? GATHER : 0),
    );
  }

  /**
   * Takes a room and what it lacks; null when somebody has it already, who is asked to go on.
   * @throws RetryLater when whoever has it may have died, or the platform wants a pause
   */
  async begin({ tenantId, roomId }: DeliverJob): Promise<Taken | null> {
    const { begun, cards, drawings } = await this.#beginning.ask(tenantId, roomId);
    if (begun instanceof Error) throw begun;
    if (!begun) return null;
    this.#opened(begun);
    return { turn: begun, cards, full: cards.length === CARDS, drawings };
  }

  /**
   * Makes sure that the room was not given to somebody else, where nobody heard of this process for a while.
   * @throws Error when it was
   */
  async check(turn: Turn): Promise<void> {
    if (performance.now() - turn.heardAt < 2 * BEAT) return;
    await this.#renew(turn.tenantId, [turn]);
    if (turn.heardAt === LOST) throw new Error('this room was taken over by another worker');
  }

  /** Notes what was done, and gives the room back. */
  async end(ended: Ended): Promise<void> {
    const { tenantId } = ended.turn;
    try {
      await this.#ending.ask(tenantId, ended);
    } finally {
      this.#closed(ended.turn);
    }
  }

  async #beginAll(firm: string, rooms: string[]) {
    const { begun, cards } = await this.#system(firm, async ({ sql }) => {
      const begun = await beginTurns(sql, firm, rooms);
      const turns = [...begun.values()].filter((one): one is Turn => one !== null && !(one instanceof Error));
      const on = turns.filter(({ room }) => this.#channels.has(room.channel));
      return { begun, cards: Map.groupBy(await takeCards(sql, firm, on, CARDS), ({ room_id: room }) => room) };
    });
    const drawings: Drawings = new Map();
    return rooms.map((room, index) => {
      const one = begun.get(room) ?? null;
      // Asked for twice at once: the first does the work of both.
      const twice = rooms.indexOf(room) < index && !(one instanceof Error);
      return { begun: twice ? null : one, cards: cards.get(room) ?? [], drawings };
    });
  }

  async #endAll(firm: string, ended: Ended[]): Promise<undefined[]> {
    const left = ended.flatMap((one) => one.left);
    const shown = ended.flatMap((one) => one.shown);
    const turns = ended.map(({ turn }) => turn);
    const again = await this.#system(firm, async ({ sql }) => {
      // None waits for what another says: all go with one message.
      const [rooms] = await Promise.all([
        endTurns(sql, firm, turns),
        giveBack(sql, firm, left),
        noteShown(sql, firm, shown),
      ]);
      return rooms;
    });
    const jobs = ended.flatMap(({ turn: { roomId }, more }) =>
      more || again.has(roomId) ? [deliverJob(firm, roomId)] : [],
    );
    if (jobs.length) await this.#app.jobs.ask(jobs);
    return ended.map(() => undefined);
  }

  async #renew(firm: string, turns: readonly Turn[]): Promise<void> {
    const asked = performance.now();
    const held = await this.#system(firm, ({ sql }) => renewTurns(sql, firm, turns));
    for (const turn of turns) turn.heardAt = held.has(turn.roomId) ? asked : LOST;
  }

  #opened(turn: Turn): void {
    const open = this.#open.get(turn.tenantId) ?? new Set();
    this.#open.set(turn.tenantId, open.add(turn));
    this.#beating ??= setInterval(() => {
      for (const [firm, turns] of this.#open)
        this.#renew(firm, [...turns]).catch((error: Error) =>
          this.#app.log.warn({ err: error }, 'rooms were not kept'),
        );
    }, BEAT);
  }

  #closed(turn: Turn): void {
    const open = this.#open.get(turn.tenantId);
    open?.delete(turn);
    if (!open?.size) this.#open.delete(turn.tenantId);
    if (this.#open.size || !this.#beating) return;
    clearInterval(this.#beating);
    this.#beating = null;
  }

  #system<T>(tenantId: string, work: (context: Context) => Promise<T>): Promise<T> {
    return withActor(this.#app, { kind: 'system', tenantId, reason: 'delivering cards' }, work);
  }
}
