import { isSelf, managesPerson, person } from '../people/index.ts';
import { INVITATIONS_AN_HOUR, invitationWanted } from './invitation.ts';

/** Has an invitation sent to somebody who was added without one, or did not come in time (A7). */
export const inviteAgain = person.command({
  name: 'session.invite-again',
  version: 'optional',
  button: { label: 'Send an invitation', word: 'INVITE', place: 'more' },
  rank: 5,
  assurance: 'chat',
  who: managesPerson,
  when: (it, actor) => (isSelf(actor, it) ? 'you are here already' : it.active || 'their access has ended'),
  handle: async (_context, _input, it) => ({
    events: [invitationWanted.of(it, it)],
    after: it,
    say: `An invitation goes to the mail address of ${it.name}. At most ${INVITATIONS_AN_HOUR} are sent within an hour.`,
  }),
});
