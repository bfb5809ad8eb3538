import { endpoint, resumed } from './endpoint.ts';
import { keeps } from './rules.ts';

/** What waits is sent now, in order. Whoever puts it to use again is told if it is given up once more. */
export const resumeEndpoint = endpoint.command({
  name: 'endpoint.resume',
  button: { label: 'Use it again', word: 'RESUME', style: 'primary' },
  rank: 1,
  who: keeps,
  when: ({ status }) => status !== 'active',
  decide: (it, _input, { actor }) => ({
    ...it,
    status: 'active',
    fault: null,
    // The firm's administrators may do it for a client, whose people are told all the same.
    ownerId: actor.kind === 'person' && actor.clientId === it.clientId ? actor.personId : it.ownerId,
  }),
  event: resumed,
  say: (it) => `${endpoint.called(it)} is in use again. What waited for it is sent now.`,
});
