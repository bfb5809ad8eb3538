import { DomainError } from '../kernel/errors.ts';
import { linkedText } from './codes.ts';
import { confirmed } from './events.ts';
import { link, requireUsable } from './link.ts';

/**
 * Links by one press in the mail itself: whoever holds the mailbox confirms that the chat account is theirs. Contacts only. Its
 * button names the account, so the cards make it.
 */
export const confirmLink = link.command({
  name: 'identity.confirm',
  version: 'optional',
  who: (actor, { personId }) => actor.kind === 'person' && actor.personId === personId,
  handle: async ({ actor, sql, now }, _input, it) => {
    // Somebody else may have asked: what staff can do is too much for one careless press.
    if (actor.kind === 'person' && actor.side === 'staff')
      throw new DomainError(
        'forbidden',
        'Please type the code where you asked for it. The team cannot link by a press.',
      );
    requireUsable(it, now);
    await sql`update link_code set used_at = ${now} where id = ${it.id}`;
    return {
      events: [confirmed.of({ entity: 'link', id: it.id }, { link: it.id })],
      after: it,
      say: linkedText(it.provider),
      next: null,
    };
  },
});
