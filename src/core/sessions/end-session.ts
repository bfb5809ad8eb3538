import { ended, isOwn, session } from './session.ts';

/** Signs one browser out. */
export const endSession = session.command({
  name: 'session.end',
  version: 'optional',
  button: { label: 'Not me: sign it out', word: 'NOTME', style: 'danger' },
  who: (actor, { personId }) => isOwn(actor, personId),
  when: ({ endedAt }) => endedAt === null,
  decide: (it, _input, { now }) => ({ ...it, endedAt: now }),
  event: ({ id, personId }) => ended.of({ entity: 'session', id }, { person: personId }),
  say: ({ device }) => `${device} is signed out.`,
});
