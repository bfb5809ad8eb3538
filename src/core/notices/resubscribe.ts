import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { DIGEST, PACE_NAMES } from './schema.ts';
import { set, setReply } from './setting-command.ts';
import { paceOf, settingsFor, withTopic } from './settings.ts';
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
    handle: async (context, { what }) => {
      const { actor } = context;
      const now = await settingsFor(context, actor.kind === 'person' ? actor.personId : '');
      if (what === DIGEST ? now.digest : paceOf(now, what) !== 'never')
        throw new DomainError('conflict', 'This was not stopped.');
      const { was = 'now', channel } = now.topics[what] ?? {};
      const pace = was === 'never' ? 'now' : was;
      return set(
        context,
        (before) =>
          what === DIGEST ? { ...before, digest: true } : withTopic(before, what, { pace, ...(channel ? { channel } : {}) }),
        {
          what: `${what} again`,
          say: what === DIGEST ? 'Your digest comes again.' : `${topicText(what)} again: ${PACE_NAMES[pace].toLowerCase()}.`,
        },
      );
    },
    reply: setReply,
  });
}
