import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { DIGEST } from './schema.ts';
import { set, setReply } from './setting-command.ts';
import { resuming } from './presses.ts';
import { paceOf, settingsFor, withTopic } from './settings.ts';
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
      const { actor } = context;
      const now = await settingsFor(context, actor.kind === 'person' ? actor.personId : '');
      const pace = paceOf(now, what);
      if (what === DIGEST ? !now.digest : pace === 'never')
        throw new DomainError('conflict', `${stoppedText(what)} already.`);
      const { output, events } = await set(
        context,
        (before) =>
          what === DIGEST
            ? { ...before, digest: false }
            : withTopic(before, what, { ...before.topics[what], pace: 'never', was: pace }),
        { what: `no ${what}`, say: `${stoppedText(what)}. What cannot wait comes all the same.` },
      );
      return { events, output: { ...output, what } };
    },
    reply: (output) => {
      const card = setReply(output);
      return { ...card, actions: [resuming(output.what), ...card.actions] };
    },
  });
}

function stoppedText(what: string): string {
  return what === DIGEST ? 'No digest comes any more' : `Nothing of ${topicText(what)} comes any more`;
}
