import { endpoint, paused } from './endpoint.ts';
import { keeps } from './rules.ts';

/** Nothing is sent for now. What happens meanwhile waits. */
export const pauseEndpoint = endpoint.command({
  name: 'endpoint.pause',
  button: { label: 'Pause', place: 'more' },
  rank: 6,
  who: keeps,
  when: ({ status }) => status === 'active',
  decide: (it) => ({ ...it, status: 'paused' }),
  event: paused,
  say: (it) => `${endpoint.called(it)} is paused. What happens meanwhile waits for it.`,
});
