import type { ZodObject, ZodRawShape, ZodType } from 'zod';
import { z } from 'zod';
import type { AboutThing, AnyCommand } from './command.ts';
import type { Context } from './context.ts';
import type { AnyEventDefinition, Hearing, NewEvent } from './event.ts';
import type { Act } from './thing-command.ts';
import { commandOn } from './thing-command.ts';
import type { AnyThing, Happened, Identified, ThingBase, ThingDefinition, ThingEvent } from './thing-definition.ts';

export interface Thing<It extends Identified, Shown extends It, Facts extends ZodRawShape>
  extends ThingBase<It, Shown, Facts> {
  /** Declares a command about it. */
  command: Act<It, Shown>;
  /** Declares an event about it; `more` is what it holds beside the thing's facts. */
  event<More extends ZodRawShape = Record<never, never>>(definition: {
    name: string;
    more?: More;
    says(data: EventData<Facts, More>): string;
    audience: Hearing<EventData<Facts, More>>;
    mayReachClient?: true;
  }): ThingEvent<It, EventData<Facts, More>, More>;
  /** Takes those of the commands that are about it. Areas do so when they are declared. */
  add(commands: readonly AnyCommand[]): void;
}

/** A thing of any kind, as its area declares it. */
export type OwnThing = AnyThing & Pick<Thing<never, never, never>, 'add'>;

type CommandAbout = AnyCommand & { about: AboutThing };

/** What an event holds, as it is stored: moments are texts. */
type EventData<Facts extends ZodRawShape, More extends ZodRawShape> = keyof More extends never
  ? z.input<ZodObject<Facts>>
  : z.input<ZodObject<Facts>> & z.input<ZodObject<More>>;

/** Declares a thing. Its commands then know its type: in one call TypeScript would widen the literals that a decision returns. */
export function thing<It extends Identified, Shown extends It, Facts extends ZodRawShape>(
  definition: ThingDefinition<It, Shown, Facts>,
): Thing<It, Shown, Facts> {
  const { name, show } = definition;
  const events = new Map<string, AnyEventDefinition>();
  const commands: CommandAbout[] = [];
  const isAbout = (one: AnyCommand): one is CommandAbout => one.about?.thing.name === name;
  const taking = (what: 'answer' | 'note') => commands.find(({ about }) => about.takes === what)?.name;
  const self: Thing<It, Shown, Facts> = {
    ...definition,
    lock: definition.lock ?? definition.read,
    events,
    get answer() {
      return taking('answer');
    },
    get note() {
      return taking('note');
    },
    showing: (id) => ({ target: show, input: { [name]: id } }),
    opening: (id, label = 'Open', word = 'OPEN') => ({ kind: 'button', label, word, press: self.showing(id) }),
    command: (act) => commandOn(self, act as never),
    event: ({ more, ...event }) => {
      const data: ZodType = more ? definition.facts.extend(more) : definition.facts;
      const of = (before: It | null, after: It, extra = {}): NewEvent => ({
        name: event.name,
        about: { entity: name, id: after.id },
        ...definition.within(after),
        data: z.encode(data, { ...definition.factsOf(after), ...extra }) as NewEvent['data'],
        ...difference(before && definition.audited(before), definition.audited(after)),
      });
      events.set(event.name, { ...event, data } as AnyEventDefinition);
      return { ...event, data, of } as never;
    },
    add: (some) => {
      commands.push(...some.filter(isAbout).filter((one) => !commands.includes(one)));
      commands.sort(byRank);
    },
    buttons: (it, actor, only) =>
      commands.filter((one) => !only || only.includes(one.name)).flatMap((one) => one.about.buttons(it, actor)),
    done: (it, say, more) => ({ ...definition.factsOf(it), id: it.id, called: definition.called(it), say, ...more }),
    changesSince: (context, it, version) =>
      definition.changes?.(context, it, version) ?? eventsSince(context, { entity: name, it, version }, events),
    history: (context, id) => historyOf(context, { entity: name, id }, events),
  };
  return self;
}

function byRank(one: CommandAbout, other: CommandAbout): number {
  return one.about.rank - other.about.rank || one.name.localeCompare(other.name);
}

/** What is different, for the audit. */
function difference(
  was: Readonly<Record<string, unknown>> | null,
  is: Readonly<Record<string, unknown>>,
): Pick<NewEvent, 'before' | 'after'> {
  const keys = Object.keys(is).filter((key) => JSON.stringify(was?.[key] ?? null) !== JSON.stringify(is[key] ?? null));
  if (!keys.length) return {};
  const of = (one: Readonly<Record<string, unknown>>) => Object.fromEntries(keys.map((key) => [key, one[key] ?? null]));
  return { ...(was ? { before: of(was) } : {}), after: of(is) };
}

/** As many of the last events as a card can hold. */
const HISTORY = 50;

/** What happened last, oldest first, in the events' own words. */
async function historyOf(
  { sql, actor }: Context,
  { entity, id }: { entity: string; id: string },
  events: ReadonlyMap<string, AnyEventDefinition>,
): Promise<Happened[]> {
  const rows = await sql<{ name: string; who: string; data: Record<string, unknown>; at: Date }>`
    select name, actor ->> 'name' as who, data, at from event
    where tenant_id = ${actor.tenantId} and entity = ${entity} and entity_id = ${id} order by seq desc limit ${HISTORY}`;
  return rows.map(({ name, who, data, at }) => ({ at, who, text: events.get(name)?.says(data) ?? name })).reverse();
}

/** What happened after a version, oldest first, in the events' own words. */
async function eventsSince(
  { sql, actor }: Context,
  { entity, it, version }: { entity: string; it: Identified; version: number },
  events: ReadonlyMap<string, AnyEventDefinition>,
): Promise<string[]> {
  if (version >= it.version) return [];
  const rows = await sql<{ name: string; by: string; data: Record<string, unknown> }>`
    select name, actor ->> 'name' as by, data from event
    where tenant_id = ${actor.tenantId} and entity = ${entity} and entity_id = ${it.id} and (data ->> 'version')::int > ${version}
    order by seq desc limit 5`;
  return rows.map(({ name, by, data }) => `${by} ${events.get(name)?.says(data) ?? name}`).reverse();
}
