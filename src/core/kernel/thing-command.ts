import type { ZodType } from 'zod';
import { z } from 'zod';
import type { Actor, Assurance } from './actor.ts';
import { isSystem, reads } from './actor.ts';
import type { Asking } from './asking.ts';
import type { Button, Card, Press } from './card.ts';
import type { Command } from './command.ts';
import { command, requireSure } from './command.ts';
import type { Context } from './context.ts';
import type { NewEvent, ShownOnce } from './event.ts';
import type { Fields, Typed } from './field.ts';
import { formCard, lacksFields } from './form.ts';
import type { AnyThing, Identified, ThingEvent } from './thing-definition.ts';
import { allow, doneCard, refusal, requireCurrent, there } from './thing-definition.ts';

/** How a command looks on the card of its thing. */
export interface ButtonLook<It> {
  /** Without "…": that stands there when a form follows. */
  label: string;
  style?: 'primary' | 'danger';
  /** The word that presses it in a mail; by default the label's first one. */
  word?: string;
  /** Behind "More…" even where there is room. Else the first three of the thing's buttons stand on the card's face. */
  place?: 'more';
  /** What the press brings beside the thing and its version. */
  gives?(it: It): Readonly<Record<string, string>>;
  /** Stands on the card only then, though the command is possible. */
  when?(it: It): boolean;
}

/** What every command about a thing says of itself. */
interface Common<It extends Identified, Shown extends It, F extends Fields, G extends Fields, K extends Fields> {
  /** `area.verb` */
  name: string;
  /** Names under which cards that were posted earlier still press it. */
  formerly?: readonly string[];
  /** What its form asks. */
  fields?: F;
  /** What only its buttons, tools and the API bring. */
  given?: G;
  /** What only a channel knows (who writes, in which room): neither a form nor a button brings it. */
  known?: K;
  /** `optional`: its buttons carry no version, because it changes nothing that somebody could have seen differently. */
  version?: 'optional';
  /** Its button on the thing's card; several where one command is pressed in different ways. Without one it has none. */
  button?: ButtonLook<It> | readonly ButtonLook<It>[];
  /**
   * How far in front the button stands among those of the thing: 1 is what comes next. Those of one rank stand by the
   * names of their commands, and those without one behind all others.
   */
  rank?: number;
  /** What the form says beyond its fields; `pressed` is what the press brought that opened it. */
  form?(
    it: Shown,
    context: Context,
    pressed: Press['input'],
  ): Asking<keyof F & string> | Promise<Asking<keyof F & string>>;
  /** It takes what somebody wrote in answer to the thing's card (as `body`): for both sides, or for the team alone. */
  takes?: 'answer' | 'note';
  /** It is done on the pages of somebody who is signed in alone. */
  onPage?: true;
  /** Somebody agrees to something by it: see `Command.signs`. */
  signs?: true;
  /**
   * The least assurance that may do this (default: link): always the same, or by the thing and what is asked. Without an input a
   * form is to be drawn. Pure.
   */
  assurance?: Assurance | ((it: It, input?: Input<F, G, K>) => Assurance);
  /** May this actor do it to this thing? Pure; a card leaves the button out by the same rule. */
  who(actor: Actor, it: It): boolean;
  /**
   * Is it possible as the thing stands? Pure, like `who`. Instead of false it may give the end of a sentence: "#12 is
   * declined: …". Without an input a card asks.
   */
  when?(it: It, actor: Actor, input?: Input<F, G, K>): boolean | string;
  /** How the thing is locked, where more than it alone must be. */
  lock?(context: Context, id: string, input: Input<F, G, K>): Promise<It | null>;
}

type Input<F extends Fields, G extends Fields, K extends Fields> = Typed<F> & Typed<G> & Typed<K>;

/** A decision: the thing as it is and what somebody wants → the thing as it becomes. The kernel writes and records it. */
interface Deciding<It, In> {
  /** Pure. A decision that changes nothing is refused by the kernel. @throws DomainError where it is not possible */
  decide(it: It, input: In, by: Pick<Context, 'actor' | 'now' | 'newId'>): It;
  event: // biome-ignore lint/suspicious/noExplicitAny: an event of any data
  ThingEvent<It, any, Record<never, never>> | ((before: It, after: It, input: In) => NewEvent | Handled<It>['events']);
  /** The sentence that answers. */
  say(after: It, before: It, actor: Actor): string;
}

/** What a command does that changes more than its thing. It writes by itself. */
interface Handling<It, In> {
  handle(context: Context, input: In, it: It): Promise<Handled<It>>;
}

export interface Handled<It> {
  events: [NewEvent, ...NewEvent[]];
  after: It;
  /** The sentence that answers. */
  say: string;
  /** What the answer holds beside the thing's facts: plain JSON. */
  output?: Readonly<Record<string, unknown>>;
  /** What can be pressed from there, where that is not to open the thing again; null where nothing is left to open. */
  next?: Button | null;
  /** What only the page behind this very press is to show: see `Decision.shown`. */
  shown?: ShownOnce;
}

type Declared<It extends Identified, Shown extends It, F extends Fields, G extends Fields, K extends Fields> = Common<
  It,
  Shown,
  F,
  G,
  K
> &
  (Deciding<It, Input<F, G, K>> | Handling<It, Input<F, G, K>>);

/** Declares a command about a thing. */
export type Act<It extends Identified, Shown extends It> = <
  F extends Fields = Record<never, never>,
  G extends Fields = Record<never, never>,
  K extends Fields = Record<never, never>,
>(
  declared: Declared<It, Shown, F, G, K>,
) => ThingCommand<It>;

// biome-ignore lint/suspicious/noExplicitAny: commands of every input stand in one list
export interface ThingCommand<It> extends Command<any, It, Record<string, unknown>> {
  /** The pure halves, for whoever looks at the rules themselves. */
  rules: Pick<AnyDeclared, 'when' | 'decide'>;
}

// biome-ignore lint/suspicious/noExplicitAny: the kernel asks each by its own declaration
type AnyDeclared = Common<any, any, Fields, Fields, Fields> & Partial<Deciding<any, any> & Handling<any, any>>;
type Given = Readonly<Record<string, unknown>>;

/** Behind every rank that somebody writes. */
const LAST = Number.MAX_SAFE_INTEGER;
/** PostgreSQL's integer holds no more. */
const LAST_VERSION = 2_147_483_647;

/** Makes a command of what was declared: from here on it is one like any other. */
// biome-ignore lint/suspicious/noExplicitAny: typed by `Act`
export function commandOn(thing: AnyThing, act: AnyDeclared): ThingCommand<any> {
  const { fields = {}, given = {}, known = {} } = act;
  if (act.decide && !thing.write) throw new Error(`${act.name} decides about a ${thing.name}, which nothing writes`);
  const none = 'is not a version';
  const version = z.coerce.number('is needed').int(none).min(0, none).max(LAST_VERSION, none);
  const seen = {
    [thing.name]: z.uuid(`is not a ${thing.name}`),
    version: act.version === 'optional' ? version.optional() : version,
  };
  const asks = Object.keys(fields).length > 0;
  const draw = (context: Context, opened: unknown, press: Press) =>
    drawForm(thing, act, context, opened as Given, press);
  const made = command<Given, Identified, Given, unknown>({
    name: act.name,
    input: z.strictObject({ ...seen, ...given, ...fields, ...known }) as unknown as ZodType<Given>,
    ...(act.formerly ? { formerly: act.formerly } : {}),
    ...(act.assurance ? { assurance: act.assurance } : {}),
    ...(act.onPage ? { onPage: act.onPage } : {}),
    ...(act.signs ? { signs: act.signs } : {}),
    ...(asks ? { form: { fields, opens: z.object(seen), draw } } : {}),
    known: Object.keys(known),
    about: {
      thing,
      buttons: (it, actor) => buttonsOf(thing, act, it, actor),
      rank: act.rank ?? LAST,
      showing: (it) => thing.showing(it.id),
      ask: (it, context) => formOn(thing, act, it, context, { target: act.name, input: seenOn(thing, act, it) }),
      ...(act.takes ? { takes: act.takes } : {}),
    },
    load: (context, input) => (act.lock ?? thing.lock)(context, String(input[thing.name]), input),
    policy: act.who === isSystem ? isSystem : (actor, it) => mayDo(thing, act, actor, it),
    handle: (context, input, it) => handle(thing, act, context, input, it),
    reply: (output) => doneCard(thing, output),
  });
  return { ...made, rules: act } as never;
}

async function handle(thing: AnyThing, act: AnyDeclared, context: Context, input: Given, it: Identified) {
  await requireCurrent(thing, context, it, input.version as number | undefined);
  requirePossible(thing, act, context, it, input);
  const done = act.handle ? await act.handle(context, input, it) : await decideAndWrite(thing, act, context, input, it);
  const { events, after, say, output, next, shown } = done;
  const told = thing.done(after, say, { ...output, ...(next === undefined ? {} : { next }) });
  return { events, output: told, ...(shown ? { shown } : {}) };
}

async function decideAndWrite(
  thing: AnyThing,
  act: AnyDeclared,
  context: Context,
  input: Given,
  it: Identified,
): Promise<Handled<Identified>> {
  const { decide, event, say } = act as Deciding<Identified, Given>;
  const decision = decide(it, input, context);
  if (JSON.stringify(decision) === JSON.stringify(it))
    throw refusal(thing, it, `${thing.called(it)} is like that already.`);
  const after = { ...decision, version: it.version + 1 };
  await thing.write?.(context, it, after);
  const happened = 'of' in event ? event.of(it, after) : event(it, after, input);
  return {
    events: Array.isArray(happened) ? happened : [happened],
    after,
    say: say(after, it, context.actor),
  };
}

/** @throws DomainError conflict, with the present card, when the command is not possible as the thing stands */
function requirePossible(thing: AnyThing, act: AnyDeclared, context: Context, it: Identified, input?: Given): void {
  const possible = act.when?.(it, context.actor, input) ?? true;
  if (possible === true) return;
  const standing = `${thing.called(it)} is ${thing.standing(it)}`;
  const isThere = !possible && leadsTo(thing, act, context, it, input) === thing.standing(it);
  throw refusal(
    thing,
    it,
    isThere ? `${standing} already.` : `${standing}: ${possible || 'this is not possible now'}.`,
  );
}

/** How the thing would stand after the decision, if there is one. */
function leadsTo(thing: AnyThing, act: AnyDeclared, context: Context, it: Identified, input?: Given): string | null {
  return act.decide ? thing.standing(act.decide(it, input ?? {}, context)) : null;
}

/** Whoever may not read a thing does nothing to it. */
function mayDo(thing: AnyThing, act: AnyDeclared, actor: Actor, it: Identified): boolean {
  return (thing.module === null || reads(actor, thing.module)) && act.who(actor, it);
}

/** The buttons on the thing's card, for whoever may press them as it stands. */
function buttonsOf(thing: AnyThing, act: AnyDeclared, it: Identified, actor: Actor): Button[] {
  if (!mayDo(thing, act, actor, it) || (act.when?.(it, actor) ?? true) !== true) return [];
  return looksOf(act)
    .filter(({ when }) => when?.(it) ?? true)
    .map(({ label, style, word, place, gives }): Button => {
      const input = { ...seenOn(thing, act, it), ...gives?.(it) };
      return {
        kind: 'button',
        // A press that brings all that the form would ask needs none.
        label: lacksFields({ fields: act.fields ?? {} }, input) ? `${label}…` : label,
        ...(word ? { word } : {}),
        press: { target: act.name, input },
        ...(style ? { style } : {}),
        ...(place ? { place } : {}),
      };
    });
}

function looksOf({ button }: AnyDeclared): readonly ButtonLook<unknown>[] {
  if (!button) return [];
  return 'label' in button ? [button] : button;
}

/** What a press brings of what was on the screen. */
function seenOn(thing: AnyThing, act: AnyDeclared, it: Identified): Record<string, string> {
  return { [thing.name]: it.id, ...(act.version ? {} : { version: String(it.version) }) };
}

/** The form, for whoever may do it as the thing stands and saw it so: nobody types for nothing. */
async function drawForm(
  thing: AnyThing,
  act: AnyDeclared,
  context: Context,
  opened: Given,
  press: Press,
): Promise<Card> {
  const it = there(await thing.read(context, String(opened[thing.name])));
  allow(mayDo(thing, act, context.actor, it));
  await requireCurrent(thing, context, it, opened.version as number | undefined);
  requirePossible(thing, act, context, it);
  if (typeof act.assurance === 'function') requireSure(context.actor, act.assurance(it), thing.showing(it.id));
  return formOn(thing, act, it, context, press);
}

/** The form about a thing that was read. */
async function formOn(
  thing: AnyThing,
  act: AnyDeclared,
  it: Identified,
  context: Context,
  press: Press,
): Promise<Card> {
  const about = { entity: thing.name, id: it.id, version: it.version };
  const label = looksOf(act)[0]?.label ?? 'Save';
  const form = { title: `${label} ${thing.called(it)}`, submit: label, summary: thing.summary?.(it), about };
  return formCard(press, form, act.fields ?? {}, (await act.form?.(it, context, press.input)) ?? {});
}
