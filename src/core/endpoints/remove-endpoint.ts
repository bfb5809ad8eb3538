import { there } from '../kernel/thing-definition.ts';
import { endpoint, removed } from './endpoint.ts';
import { removeEndpointRow } from './queries.ts';
import { keeps } from './rules.ts';

/** Nothing more is sent there, and what it was signed with is deleted. */
export const removeEndpoint = endpoint.command({
  name: 'endpoint.remove',
  button: { label: 'Remove', style: 'danger', place: 'more' },
  rank: 7,
  assurance: 'chat',
  who: keeps,
  handle: async (context, _input, it) => {
    there((await removeEndpointRow(context, it.id)) || null);
    return {
      events: [removed.of(it, it)],
      after: it,
      say: `${endpoint.called(it)} is removed. Nothing more is sent there.`,
      next: null,
    };
  },
});
