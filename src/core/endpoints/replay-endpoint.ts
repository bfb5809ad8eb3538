import { choice } from '../kernel/field.ts';
import { endpoint, replayed } from './endpoint.ts';
import { writeEndpoint } from './queries.ts';
import { keeps } from './rules.ts';

/** Hours, as far back as deliveries are kept. */
const SINCE = {
  1: 'An hour ago',
  6: 'Six hours ago',
  24: 'A day ago',
  72: 'Three days ago',
  168: 'A week ago',
  720: '30 days ago',
} as const;

/** Sends all that the endpoint is told of again, from a time on and in order, under the same ids: whoever has one knows it by that. */
export const replayEndpoint = endpoint.command({
  name: 'endpoint.replay',
  fields: { since: choice(['1', '6', '24', '72', '168', '720'], { label: 'Since when?', labels: SINCE }) },
  button: { label: 'Send again', word: 'AGAIN', place: 'more' },
  rank: 3,
  form: () => ({
    lead: 'All that happened since then is sent once more, also what arrived. Each webhook has the id that it had.',
    values: { since: '24' },
  }),
  who: keeps,
  when: ({ status }) => status === 'active',
  handle: async (context, { since }, it) => {
    const replayFrom = new Date(context.now.getTime() - Number(since) * 3_600_000);
    const after = { ...it, version: it.version + 1 };
    await writeEndpoint(context, it, after, { replayFrom });
    return {
      events: [replayed.of(it, after, { since: replayFrom.toISOString() })],
      after,
      say: `All that ${endpoint.called(it)} was told of since then is sent again.`,
    };
  },
});
