import { z } from 'zod';
import { event } from '../kernel/event.ts';
import { person } from '../people/index.ts';

/** An invitation counts for so long; whoever comes later asks for a link of their own. */
export const INVITATION_DAYS = 7;
/** Invitations that are sent to a person in an hour. */
export const INVITATIONS_AN_HOUR = 3;

export const invited = event({
  name: 'session.invited',
  data: z.strictObject({ person: z.uuid() }),
  says: () => 'sent an invitation',
  audience: ({ data }) => [{ person: data.person }],
});
export const invitationWanted = person.event({
  name: 'session.invitation-wanted',
  says: () => 'had an invitation sent to them',
  audience: [],
});
