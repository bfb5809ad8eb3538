import { endpoint, tested } from './endpoint.ts';
import { keeps } from './rules.ts';

/** Sends the endpoint a webhook that says nothing of anybody. It is tried once; its card shows what was answered. */
export const testEndpoint = endpoint.command({
  name: 'endpoint.test',
  version: 'optional',
  button: { label: 'Send a test', word: 'TEST' },
  rank: 2,
  who: keeps,
  when: ({ status }) => status === 'active',
  handle: async (_context, _input, it) => ({
    events: [tested.of(it, it)],
    after: it,
    say: `A test is on its way to ${endpoint.called(it)}. Its card shows what was answered.`,
  }),
});
