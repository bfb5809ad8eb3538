import type { ZodObject, ZodType } from 'zod';
import { z } from 'zod';
import type { Module } from './actor.ts';
import type { AnyEventDefinition, Event } from './event.ts';
import { audienceOf } from './event.ts';
import type { Area } from './registry.ts';

/** Raised when what a webhook holds changes in a way that a receiver must learn of. New fields are no such change. */
const WEBHOOK_VERSION = 1;

/** A kind of event of which webhooks tell. */
export interface ToldEvent {
  definition: AnyEventDefinition;
  /** The area whose it is: by these an endpoint chooses. */
  area: string;
  /** The right to read its thing. */
  module: Module | null;
}

/** Of which events webhooks tell, by name: those of which a client may hear, and nothing else. */
export function toldEvents(areas: readonly Area[]): ReadonlyMap<string, ToldEvent> {
  const all = areas.flatMap(({ name: area, things }) =>
    things.flatMap(({ module, events }) => [...events.values()].map((definition) => ({ definition, area, module }))),
  );
  return new Map(all.filter(mayTell).map((one) => [one.definition.name, one]));
}

function mayTell({ definition: { audience, mayReachClient } }: ToldEvent): boolean {
  return typeof audience === 'function' ? mayReachClient === true : audience.some(isClient);
}

function isClient(one: object): boolean {
  return 'audience' in one && one.audience === 'client';
}

/** May the client hear of this one? What is nobody's own, or is for the team alone, is told by no webhook. */
export function isForClient(
  definition: AnyEventDefinition,
  event: Pick<Event, 'about' | 'data' | 'clientId'>,
): boolean {
  return event.clientId !== null && event.data.internal !== true && audienceOf(definition, event).some(isClient);
}

/** What a webhook says: the event's own data as far as it is for the client, and what stands beside it. */
export interface Webhook {
  type: string;
  timestamp: string;
  version: number;
  data: {
    id: string;
    about: Event['about'];
    client: string | null;
    project: string | null;
    by: { name: string; side: string };
    facts: Readonly<Record<string, unknown>>;
  };
}

/** The same for the same event, however often it is sent. */
export function webhookOf({ data: schema }: AnyEventDefinition, event: Event): Webhook {
  const { id, about, clientId: client, projectId: project, actor, data } = event;
  const known = factNames(schema).filter((name) => Object.hasOwn(data, name));
  return {
    type: event.name,
    timestamp: event.at.toISOString(),
    version: WEBHOOK_VERSION,
    data: {
      ...{ id, about, client, project },
      by: { name: actor.name, side: actor.side },
      facts: Object.fromEntries(known.map((name) => [name, data[name]])),
    },
  };
}

/** The schema of what is sent of such events. Receivers are to let new fields pass. */
export function webhookSchema({ name, data }: AnyEventDefinition): ZodType {
  const { shape } = data as unknown as ZodObject;
  return z.object({
    type: z.literal(name).describe('What happened'),
    timestamp: z.iso.datetime().describe('When it happened'),
    version: z.literal(WEBHOOK_VERSION).describe('Of this schema: another number means that fields changed'),
    data: z.object({
      id: z.uuid().describe('The event’s id, also the `webhook-id`: the same however often it is sent'),
      about: z
        .object({ entity: z.string().describe('What kind of thing'), id: z.uuid().describe('The thing’s id') })
        .describe('What it happened to'),
      client: z.uuid().nullable().describe('The client whose it is'),
      project: z.uuid().nullable().describe('The project that it is part of'),
      by: z
        .object({
          name: z.string().describe('What they are called'),
          side: z
            .enum(['staff', 'contact'])
            .describe('Of the firm (also where Parley or a tool did it) or of the client'),
        })
        .describe('Who did it'),
      facts: z
        .object(Object.fromEntries(factNames(data).map((fact) => [fact, shape[fact] as ZodType])))
        .describe('What it was like then'),
    }),
  });
}

/** What an event holds that is not for the firm alone. */
function factNames(schema: ZodType): string[] {
  const { shape } = schema as unknown as ZodObject;
  return Object.entries(shape).flatMap(([name, field]) => ((field as ZodType).meta()?.firmOnly ? [] : [name]));
}
