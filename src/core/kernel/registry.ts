import type { Actor, Who } from './actor.ts';
import { reads } from './actor.ts';
import type { Button, Card, Press } from './card.ts';
import type { AnyCommand, Outcome } from './command.ts';
import { executeCommand, parseInput } from './command.ts';
import type { Context, Kernel } from './context.ts';
import { openingOf, withActor } from './context.ts';
import { DomainError } from './errors.ts';
import type { Announcement, AnyEventDefinition, Reaction } from './event.ts';
import { handedOutAs } from './file-type.ts';
import { lacksFields } from './form.ts';
import type { Notices } from './notice.ts';
import { withoutSecrets } from './secret-form.ts';
import type { Figures, Standing } from './standing.ts';
import type { OwnThing } from './thing.ts';
import type { AnyThing } from './thing-definition.ts';
import type { AnyView, HandedFile } from './view.ts';
import type { Waiting } from './waiting.ts';
import type { Words } from './words.ts';
import { wordsOf } from './words.ts';

/** One part of the domain: what it owns, what can be done and read there, and what follows from its events. */
export interface Area {
  name: string;
  things: readonly OwnThing[];
  /** Things of areas below it that take buttons from its commands as well: what is done to them there, they know nothing of. */
  onto?: readonly OwnThing[];
  commands: readonly AnyCommand[];
  views: readonly AnyView[];
  reactions: readonly Reaction[];
  announcements: readonly Announcement[];
  /** The view that shows one message, {message}, with the files that came with it. */
  message?: string;
  /** Events after which its thing may be called otherwise: what was said about it bears the name, and is drawn again too. */
  renames?: readonly string[];
  /** Work that the clock asks for: what may be due in all firms, and which commands that means in each. */
  schedules: readonly Schedule[];
  /** How long rows of its tables that grow with traffic are kept; other tables are kept for good. */
  lives?: readonly Life[];
  /** What waits for somebody, one declaration for each kind of thing; their homes list it. */
  waiting?: readonly Waiting[];
  /** What homes count of it. */
  figures?: readonly Figures[];
  /** What it knows of how clients, projects and people stand. */
  standings?: readonly Standing[];
  /** With what people begin here, in the order of a menu. */
  menu?: readonly MenuItem[];
  /** Decides how people are told of what happens in any area. */
  notices?: Notices;
}

/** Declares an area. Its things take their buttons from its commands. */
export function area(definition: Pick<Area, 'name'> & Partial<Area>): Area {
  const whole = { things: [], commands: [], views: [], reactions: [], announcements: [], schedules: [], ...definition };
  for (const thing of [...whole.things, ...(definition.onto ?? [])]) thing.add(whole.commands);
  return whole;
}

/** A view or command that needs nothing to begin with. */
export interface MenuItem {
  label: string;
  press: Press;
  /** For whom it is, by the command's own policy; without one, for everybody who may read the view's module. */
  who?(actor: Actor): boolean;
}

export interface Schedule {
  name: string;
  /** When to look, as a cron expression in UTC. */
  cron: string;
  /**
   * The database's function that says for all firms at once what may be due at an instant: rows of (tenant_id, id) and
   * nothing else, because it is asked behind the policies.
   */
  candidates: `parley_due_${string}`;
  /** The commands that are due now for these of a firm's candidates; each runs once under its own request id. */
  due(context: Context, ids: string[]): Promise<{ name: string; input: Record<string, unknown>; requestId: string }[]>;
}

/** How long the rows of a table that grows with traffic are kept. Declared beside what writes them. */
export interface Life {
  table: string;
  /** In words, for whoever looks at the storage. */
  kept: string;
  /**
   * The function of the gate that deletes up to so many rows whose time is over and says how many; nothing else may delete.
   * Null for what the queue deletes by itself.
   */
  sweep: string | null;
}

export interface Registry {
  areas: readonly Area[];
  /** By the name of their id in inputs, and of the entity in events and posted cards. */
  things: ReadonlyMap<string, AnyThing>;
  /** What may happen to the things, by name. */
  events: ReadonlyMap<string, AnyEventDefinition>;
  commands: ReadonlyMap<string, AnyCommand>;
  views: ReadonlyMap<string, AnyView>;
  /** Names that commands had → the command: cards posted by earlier versions press them. */
  formerly: ReadonlyMap<string, AnyCommand>;
  /** What people write to be shown something; the same on every channel. */
  words: Words;
  /** What may wait for somebody, in the areas' order. */
  waiting: readonly Waiting[];
  figures: readonly Figures[];
  standings: readonly Standing[];
  /** Null where no area decides how people are told: they are told at once. */
  notices: Notices | null;
}

/** A kernel that knows the areas: what channels and connectors are given. */
export interface App extends Kernel {
  registry: Registry;
}

/** @throws Error when two areas use the same name: a press must mean one thing */
export function buildRegistry(areas: readonly Area[]): Registry {
  const things = new Map<string, AnyThing>();
  const events = new Map<string, AnyEventDefinition>();
  const commands = new Map<string, AnyCommand>();
  const views = new Map<string, AnyView>();
  for (const area of areas) {
    for (const thing of area.things) {
      if (things.has(thing.name)) throw new Error(`${thing.name} is registered twice`);
      things.set(thing.name, thing);
      for (const [name, event] of thing.events) {
        if (events.has(name)) throw new Error(`${name} is registered twice`);
        events.set(name, event);
      }
    }
    for (const item of [...area.commands, ...area.views]) {
      if (commands.has(item.name) || views.has(item.name)) throw new Error(`${item.name} is registered twice`);
      if ('handle' in item) commands.set(item.name, item);
      else views.set(item.name, item);
    }
  }
  const formerly = new Map<string, AnyCommand>();
  for (const command of commands.values())
    for (const name of command.formerly ?? []) {
      if (commands.has(name) || views.has(name) || formerly.has(name)) throw new Error(`${name} is registered twice`);
      formerly.set(name, command);
    }
  return {
    areas,
    things,
    events,
    commands,
    views,
    formerly,
    words: wordsOf(areas.flatMap((one) => [...one.commands, ...one.views])),
    waiting: areas.flatMap(({ waiting = [] }) => waiting),
    figures: areas.flatMap(({ figures = [] }) => figures),
    standings: areas.flatMap(({ standings = [] }) => standings),
    notices: areas.find(({ notices }) => notices)?.notices ?? null,
  };
}

/** The command that a press names, under its name or one that it had. */
export function commandOf({ commands, formerly }: Registry, { target }: Press): AnyCommand | undefined {
  return commands.get(target) ?? formerly.get(target);
}

/** Is a press that brings nothing more answered with the form of a command? */
export function opensForm(registry: Registry, press: Press): boolean {
  const form = commandOf(registry, press)?.form;
  return form !== undefined && lacksFields(form, press.input);
}

/** Does a press only show something: a view, or the form of a command? */
export function shows(registry: Registry, press: Press): boolean {
  return registry.views.has(press.target) || opensForm(registry, press);
}

export interface CommandRequest {
  name: string;
  input: unknown;
  requestId: string;
}

/**
 * The one write path.
 * @throws DomainError; nothing was changed then
 */
export async function runCommand(
  app: App,
  who: Who,
  request: CommandRequest,
): Promise<Outcome<unknown> & { card: Card }> {
  const command = app.registry.commands.get(request.name);
  if (!command) throw new DomainError('not_found', `There is no command ${request.name}.`);
  const outcome = await executeCommand(app, command, who, request);
  return { ...outcome, card: command.reply(outcome.output, outcome.actor) };
}

/**
 * The one read path.
 * @throws DomainError not_found for a name nobody registered, or a thing that the actor cannot see; forbidden where they may
 *   not read the view's module
 */
export async function showView(app: App, who: Who, press: Press): Promise<Card> {
  const { show, about } = viewOf(app.registry, press);
  return withActor(app, who, show, about);
}

/**
 * The data of a view: what its card is drawn of.
 * @throws DomainError as `showView`
 */
export async function readView(app: App, who: Who, press: Press): Promise<unknown> {
  const { read, about } = viewOf(app.registry, press);
  if (!read) throw new DomainError('not_found', 'There is no such page.');
  return withActor(app, who, read, about);
}

/** Is what a press shows a file? */
export function isFile({ views }: Registry, { target }: Press): boolean {
  const view = views.get(target);
  return view?.file !== undefined || view?.kept !== undefined;
}

/**
 * Makes the file that a view is. It is read as its card is, and made when the transaction is over.
 * @throws DomainError as `showView`
 */
export async function makeFile(app: App, who: Who, press: Press): Promise<HandedFile> {
  const view = app.registry.views.get(press.target);
  if (view?.kept) return openKept(app, who, press, view.kept);
  if (!view?.file) throw new DomainError('not_found', 'There is no such file.');
  const made = await view.file(await readView(app, who, press));
  return { ...made, size: made.content.length };
}

/** Hands out a file that is kept: whose it is, and its key, are read as the view is; its content comes when that is over. */
async function openKept(app: App, who: Who, press: Press, kept: NonNullable<AnyView['kept']>): Promise<HandedFile> {
  const { read, about } = viewOf(app.registry, press);
  if (!read) throw new DomainError('not_found', 'There is no such file.');
  const file = await withActor(app, who, async (context) => kept(context, await read(context)), about);
  const { name, size } = file;
  return { name, size, type: handedOutAs(file.type), content: await app.files.open(file) };
}

/**
 * Shows several views to one reader as `showView` does, with one transaction for all that are opened for the same.
 * @returns each card in its place; null for what is not there for this reader
 */
export async function showViews(app: App, who: Who, presses: readonly Press[]): Promise<(Card | null)[]> {
  const cards = presses.map((): Card | null => null);
  const opened = new Map<string, [Placed, ...Placed[]]>();
  for (const [place, press] of presses.entries()) {
    const view = await orHidden(() => viewOf(app.registry, press));
    if (!view) continue;
    const opening = JSON.stringify(openingOf(who, view.about));
    const known = opened.get(opening);
    if (known) known.push({ ...view, place });
    else opened.set(opening, [{ ...view, place }]);
  }
  for (const views of opened.values()) {
    const shown = await showTogether(app, who, views);
    for (const [index, { place }] of views.entries()) cards[place] = shown[index] ?? null;
  }
  return cards;
}

interface ReadyView {
  /** Its data; null for a form, which has none. */
  read: ((context: Context) => Promise<unknown>) | null;
  show(context: Context): Promise<Card>;
  /** What its transaction is opened for. */
  about: unknown;
}

interface Placed extends ReadyView {
  place: number;
}

function viewOf(registry: Registry, press: Press): ReadyView {
  const command = commandOf(registry, press);
  if (command?.form) {
    const { name: target, form, known = [] } = command;
    const opened = parseInput(form.opens, press.input);
    // What a channel says of itself comes with each press anew: no button holds it.
    const brought = Object.entries(press.input).filter(([name]) => !known.includes(name));
    const asked = { target, input: Object.fromEntries(brought) };
    const draw = async (context: Context) => withoutSecrets(context, press, await form.draw(context, opened, asked));
    return { read: null, show: draw, about: form.wide ? undefined : opened };
  }
  const view = registry.views.get(press.target);
  if (!view) throw new DomainError('not_found', 'There is no such page.');
  const input = parseInput(view.input, press.input);
  const read = async (context: Context) => {
    if (view.module !== null && !reads(context.actor, view.module))
      throw new DomainError('forbidden', 'You may not see this. Please ask the firm if you should.');
    return view.read(context, input, { ...registry, draw: (presses) => drawAll(registry, context, presses) });
  };
  const show = async (context: Context) => {
    const card = view.card(await read(context), context, input);
    return withoutSecrets(context, press, withoutUnreadable(registry, context.actor, card));
  };
  return { read, show, about: view.wide ? undefined : input };
}

/** Cards inside a view that is being read, one after the other, for the same reader; null for what is not there for them. */
async function drawAll(registry: Registry, context: Context, presses: readonly Press[]): Promise<(Card | null)[]> {
  const cards: (Card | null)[] = [];
  for (const press of presses) cards.push(await orHidden(() => viewOf(registry, press).show(context)));
  return cards;
}

/** May somebody who reads this be offered the press? Whoever may not read a module is offered nothing of it. */
export function isOffered(registry: Registry, actor: Actor, press: Press): boolean {
  const command = commandOf(registry, press);
  const module = registry.views.get(press.target)?.module ?? command?.module ?? command?.about?.thing.module ?? null;
  return module === null || reads(actor, module);
}

/** Cards of one area lead to another: what its reader may not read there is not offered here. */
function withoutUnreadable(registry: Registry, actor: Actor, card: Card): Card {
  if (actor.kind !== 'person' || !Object.values(actor.grants).includes('none')) return card;
  const offered = (button: Button) => isOffered(registry, actor, button.press);
  const blocks = card.blocks.map((block) => {
    if (block.kind !== 'list') return block;
    return { ...block, items: block.items.filter(({ button }) => !button || offered(button)) };
  });
  return { ...card, blocks, actions: card.actions.filter((action) => action.kind === 'link' || offered(action)) };
}

async function showTogether(app: App, who: Who, views: readonly [ReadyView, ...ReadyView[]]): Promise<(Card | null)[]> {
  const showAll = async (context: Context) => {
    const cards: (Card | null)[] = [];
    for (const { show } of views) cards.push(await orHidden(() => show(context)));
    return cards;
  };
  const [first, second] = views;
  if (!second) return [await orHidden(() => withActor(app, who, (context) => first.show(context), first.about))];
  try {
    return await withActor(app, who, showAll, first.about);
  } catch {
    // One that the database refuses ends the transaction of all, as too many do: then each is shown in one of its own.
    const cards: (Card | null)[] = [];
    for (const view of views) cards.push(...(await showTogether(app, who, [view])));
    return cards;
  }
}

/** What is read; null where it is not there for who reads, or they may not see it. */
async function orHidden<T>(read: () => T | Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DomainError && (error.code === 'not_found' || error.code === 'forbidden')) return null;
    throw error;
  }
}
