import { z } from 'zod';
import { command } from '../kernel/command.ts';
import type { Settings } from './schema.ts';
import { DIGEST } from './schema.ts';
import { set, setReply } from './setting-command.ts';
import { withTopic } from './settings.ts';
import type { Topics } from './topics.ts';
import { topicText } from './topics.ts';
import { stoppable } from './unsubscribe.ts';

/** Begins again what was stopped by one press, as it was before. */
export function resubscribe(topics: Topics) {
  return command({
    name: 'notice.resubscribe',
    input: z.strictObject({ what: stoppable(topics) }),
    load: async () => ({}),
    policy: ({ kind }) => kind === 'person',
    handle: (context, { what }) =>
      set(context, (before) => begun(before, what), {
        what: `${what} again`,
        say: what === DIGEST ? 'Your digest comes again.' : `You are told of ${topicText(what)} again.`,
      }),
    reply: setReply,
  });
}

function begun(before: Settings, what: string): Settings {
  if (what === DIGEST) return { ...before, digest: true };
  const { was = 'now', pace, channel } = before.topics[what] ?? {};
  return pace === 'never' ? withTopic(before, what, { pace: was, ...(channel ? { channel } : {}) }) : before;
}
