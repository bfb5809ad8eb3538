import type { ZodObject, ZodRawShape, ZodType, z } from 'zod';
import type { Actor, Module } from './actor.ts';
import type { Button, Card, Press } from './card.ts';
import type { Context } from './context.ts';
import type { Sql } from './db.ts';
import { DomainError } from './errors.ts';
import type { AnyEventDefinition, EventDefinition, NewEvent } from './event.ts';

/** Every thing has an id, and a version that counts what was changed about it: presses carry the one that was on the screen. */
export interface Identified {
  id: string;
  version: number;
}

/**
 * What commands and views are about, declared once by the area that owns it.
 * `It` is the thing as a command works on it, `Shown` as it is read for a card (the same and what stands beside it).
 */
export interface ThingDefinition<It extends Identified, Shown extends It, Facts extends ZodRawShape> {
  /** `ticket`: the name of its id in inputs, and of the entity in events and posted cards. */
  name: string;
  /** Whose right it is to read it; null for what belongs to no module. */
  module: Module | null;
  /** What API, agents and webhooks see of it. */
  schema: ZodType<It>;
  /** The view that shows one of it, with the input {<name>}. */
  show: string;
  /** What it is called inside a sentence: "#12". */
  called(it: It): string;
  /** The line above the fields of its forms: what it is about. */
  summary?(it: It): string;
  /** How it stands, inside a sentence: "#12 is …". */
  standing(it: It): string;
  /** Null for what is not there, or not for this actor. */
  read(context: Context, id: string): Promise<Shown | null>;
  /** The same, locked for a change; by default as it is read. */
  lock?(context: Context, id: string): Promise<It | null>;
  /** Writes what a decision made of it, with the next version. Without it commands about it write by themselves. */
  write?(context: Context, before: It, after: It): Promise<void>;
  /** What every event and every answer of a command tell of it: where it stands. Texts lie in the thing itself. */
  facts: ZodObject<Facts>;
  factsOf(it: It): z.output<ZodObject<Facts>>;
  /** Everything of it that the audit keeps. */
  audited(it: It): Readonly<Record<string, unknown>>;
  /** Whose it is. */
  within(it: It): Pick<NewEvent, 'clientId' | 'projectId'>;
  /**
   * What was said about it for client and firm: what a tool with a copy of it is told. Notes of the team stay here.
   * @param sql reads with the given statement what the tool lacks, in the order in which it was said
   */
  said?(context: Context, id: string, sql: Sql): Promise<Said[]>;
  /**
   * What changed since a version, in lines; by default, and where it gives undefined, the events since then, which only the team
   * may read.
   */
  changes?(context: Context, it: It, version: number): Promise<string[]> | undefined;
}

/** Something that happened to a thing. */
export interface Happened {
  at: Date;
  who: string;
  /** What they did, behind their name. */
  text: string;
}

/** Words about a thing, and whose they are. */
export interface Said {
  id: string;
  byName: string;
  side: 'staff' | 'contact' | 'integration';
  /** Where they were written. */
  channel: string;
  body: string;
  at: Date;
}

/** A declared thing, as far as its cards need it. */
export interface ThingBase<It extends Identified, Shown extends It, Facts extends ZodRawShape>
  extends ThingDefinition<It, Shown, Facts> {
  lock(context: Context, id: string): Promise<It | null>;
  /** What may happen to it, by name. */
  readonly events: ReadonlyMap<string, AnyEventDefinition>;
  /** The command that takes what somebody wrote in answer to its card, with the input {<name>, body}. */
  readonly answer: string | undefined;
  /**
   * The command that takes what somebody wrote about its card in a room of the firm alone, with the same input: internal by
   * default, so that no word of the team reaches the client unasked. Without one, `answer` takes it.
   */
  readonly note: string | undefined;
  /** The press that shows it as it is. */
  showing(id: string): Press;
  /** The button that shows it. */
  opening(id: string, label?: string, word?: string): Button;
  /** The buttons of what this actor may do to it as it stands, by the commands' own rules and ranks; or of some. */
  buttons(it: It, actor: Actor, only?: readonly string[]): Button[];
  /** What a command about it answers: its facts, what it is called, the sentence, and what else is given. */
  done(it: It, say: string, more?: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  /** What changed since the version that was on the screen. */
  changesSince(context: Context, it: It, version: number): Promise<string[]>;
  /** The last of what happened to it, oldest first: from the events, which only the team may read. */
  history(context: Context, id: string): Promise<Happened[]>;
}

// biome-ignore lint/suspicious/noExplicitAny: a thing of any kind
export type AnyThing = ThingBase<any, any, any>;

/** An event about a thing: made of the thing before and after, and of what only this event knows. */
export interface ThingEvent<It, Data, More extends ZodRawShape> extends EventDefinition<Data> {
  of(before: It | null, after: It, ...more: keyof More extends never ? [] : [z.output<ZodObject<More>>]): NewEvent;
}

/** One sentence that says what was done. */
export function sentence(entity: string, id: string, say: string): Card {
  return { title: say, tone: 'good', blocks: [], actions: [], fallback: say, about: { entity, id, version: 0 } };
}

/** The same, and what can be pressed from there: by default what opens the thing again. */
export function doneCard(thing: AnyThing, output: Readonly<Record<string, unknown>>): Card {
  // Outcomes that an earlier version stored may lack each of these.
  const { called, say = 'This is done.', next } = output as { called?: string; say?: string; next?: Button | null };
  const id = String(output.id ?? output[thing.name]);
  const button = next === undefined ? thing.opening(id, called ? `Open ${called}` : 'Open') : next;
  return { ...sentence(thing.name, id, say), actions: button ? [button] : [] };
}

/** Refuses a press on a card that shows an older state, and says what happened since. @throws DomainError stale */
export async function requireCurrent(
  thing: AnyThing,
  context: Context,
  it: Identified,
  version: number | undefined,
): Promise<void> {
  if (version === undefined || version === it.version) return;
  const changes = await thing.changesSince(context, it, version);
  throw new DomainError('stale', `${thing.called(it)} changed since this was drawn. Nothing was done.`, {
    changes: changes.length ? changes : [`It is ${thing.standing(it)} now`],
    show: thing.showing(it.id),
  });
}

/** A refusal because of how the thing stands; answered together with its card. */
export function refusal(thing: AnyThing, it: Identified, say: string): DomainError {
  return new DomainError('conflict', say, { show: thing.showing(it.id) });
}

/** @throws DomainError not_found */
export function there<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new DomainError('not_found', 'This is not there, or not for you.');
  return value;
}

/** @throws DomainError forbidden */
export function allow(allowed: boolean): void {
  if (!allowed) throw new DomainError('forbidden', 'You may not do this.');
}
