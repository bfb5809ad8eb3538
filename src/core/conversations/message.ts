import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import { DomainError } from '../kernel/errors.ts';
import { instant } from '../kernel/instant.ts';
import { KeptFiles, textWithFiles } from './files.ts';

/** What somebody said in the thread of a thing: for firm and client, or a note for the team alone. */
export const Message = z.strictObject({
  id: z.uuid().describe('The message’s id'),
  internal: z.boolean().describe('A note for the team alone'),
  byName: z.string().describe('Who wrote it'),
  side: z.enum(['staff', 'contact', 'integration']).describe('Of the firm, of a client, or in a connected tool'),
  channel: z.string().describe('Where it was written'),
  body: z.string().describe('What was said'),
  quoted: z.string().nullable().describe('Earlier mail that came with it'),
  files: KeptFiles.nullable().describe('What came with it'),
  at: instant().describe('When it was said'),
});
export type Message = z.infer<typeof Message>;

/** Whose words they are, as the tables of messages keep it. */
export interface Author extends Pick<Message, 'byName' | 'side' | 'channel'> {
  personId: string | null;
}

/**
 * The actor as the author of what they say.
 * @param byName connectors only: who wrote it over there
 * @throws DomainError invalid when a person claims another name; forbidden for anybody but a person or a connector
 */
export function authorOf(actor: Actor, byName?: string): Author {
  if (actor.kind === 'integration')
    return { personId: null, byName: byName ?? actor.connector, side: 'integration', channel: actor.connector };
  if (actor.kind !== 'person') throw new DomainError('forbidden', 'Only a person or a connector may say something.');
  if (byName !== undefined)
    throw new DomainError('invalid', 'You write in your own name.', { fields: { byName: 'is for connectors' } });
  return { personId: actor.personId, byName: actor.name, side: actor.side, channel: actor.channel };
}

/** What an event tells of a message. */
export const toldShape = {
  message: z.uuid().describe('The message’s id'),
  body: z.string().describe('What was said'),
  byName: z.string().describe('Who wrote it'),
  side: z.enum(['staff', 'contact', 'integration']).describe('Of the firm, of a client, or in a connected tool'),
  channel: z.string().describe('Where it was written'),
  internal: z.boolean().describe('A note for the team alone'),
  saidIn: z.uuid().nullable().describe('The room in whose thread it was written').meta({ firmOnly: true }),
};

/** What an event tells of a message, and of the room in whose thread it was written, if any. */
export function told(message: Omit<Message, 'at' | 'quoted'>, saidIn: string | null = null) {
  const { id, byName, side, channel, internal } = message;
  const body = textWithFiles(message.body, message.files);
  return { message: id, body, byName, side, channel, internal, saidIn };
}
