import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { resuming } from './presses.ts';
import type { Settings } from './schema.ts';
import { DIGEST } from './schema.ts';
import { set, setReply } from './setting-command.ts';
import { paceOf, withTopic } from './settings.ts';
import type { Topics } from './topics.ts';
import { topicText } from './topics.ts';

/** What can be stopped and begun again by one press. */
export function stoppable({ names }: Topics) {
  return z.enum([DIGEST, ...names]).describe('The digest, or a topic');
}

/** Stops the digest, or a topic, at once. What cannot wait comes all the same. */
export function unsubscribe(topics: Topics) {
  return command({
    name: 'notice.unsubscribe',
    input: z.strictObject({ what: stoppable(topics) }),
    load: async () => ({}),
    policy: ({ kind }) => kind === 'person',
    handle: async (context, { what }) => {
      const { output, events } = await set(context, (before) => stopped(before, what), {
        what: `no ${what}`,
        say: `${stoppedText(what)}. What cannot wait comes all the same.`,
      });
      return { events, output: { ...output, what } };
    },
    reply: (output) => {
      const card = setReply(output);
      return { ...card, actions: [resuming(output.what), ...card.actions] };
    },
  });
}

/** Whoever stops it twice has stopped it; how it was before is remembered once. */
function stopped(before: Settings, what: string): Settings {
  if (what === DIGEST) return { ...before, digest: false };
  const pace = paceOf(before, what);
  return pace === 'never' ? before : withTopic(before, what, { ...before.topics[what], pace: 'never', was: pace });
}

function stoppedText(what: string): string {
  return what === DIGEST ? 'No digest comes any more' : `Nothing of ${topicText(what)} comes any more`;
}
