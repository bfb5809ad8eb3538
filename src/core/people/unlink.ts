import { z } from 'zod';
import { isSure } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { providerName } from './codes.ts';
import { unlinked } from './events.ts';
import { isAdmin } from './rules.ts';

/** Takes a chat account off a person again: one's own, or anybody's by an admin. The mail address of the invitation stays. */
export const unlink = command({
  name: 'identity.unlink',
  input: z.strictObject({ identity: z.uuid() }),
  load: async ({ sql }, { identity }) =>
    (
      await sql<{
        id: string;
        person_id: string;
        provider: string;
      }>`select id, person_id, provider from identity where id = ${identity}`
    )[0] ?? null,
  // One's own by a mail's link too: whoever hears of a strange account there takes it off with one press.
  policy: (actor, identity) =>
    actor.kind === 'person' && actor.personId !== identity.person_id
      ? isAdmin(actor) && isSure(actor, 'chat')
      : actor.kind === 'person' || actor.kind === 'system',
  handle: async ({ sql }, _input, identity) => {
    if (identity.provider === 'email')
      throw new DomainError('conflict', 'The mail address stays: it is how this account can be linked again.');
    await sql`select parley_unlink(${identity.id})`;
    return {
      events: [
        unlinked.of(
          { entity: 'person', id: identity.person_id },
          { provider: identity.provider },
          { before: { identity: identity.id } },
        ),
      ],
      output: { id: identity.person_id, provider: identity.provider },
    };
  },
  reply: ({ id, provider }) => sentence('person', id, `The ${providerName(provider)} account is not linked any more.`),
});
