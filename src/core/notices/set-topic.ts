import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { wrong } from '../kernel/faults.ts';
import { choice, otherwise } from '../kernel/field.ts';
import { formFor } from '../kernel/form.ts';
import { channelsToChoose } from './channels.ts';
import type { TopicChoice } from './schema.ts';
import { CHANNEL_NAMES, CHANNELS, PACE_NAMES, PACES } from './schema.ts';
import { set, setReply } from './setting-command.ts';
import { withTopic } from './settings.ts';
import type { Topics } from './topics.ts';
import { topicText } from './topics.ts';

const ANY = 'any';

/** Sets how one is told of a topic: how fast, and by which channel. */
export function setTopic({ names }: Topics) {
  const labels = Object.fromEntries(names.map((name) => [name, topicText(name)]));
  const fields = {
    topic: choice(names, { label: 'Of what?', labels }),
    pace: choice(PACES, { label: 'How fast?', labels: PACE_NAMES }),
    channel: otherwise(
      ANY,
      choice([ANY, ...CHANNELS], {
        label: 'By which channel?',
        labels: { [ANY]: 'Whichever suits', ...CHANNEL_NAMES },
      }),
    ),
  };
  return command({
    name: 'notice.set-topic',
    input: z.strictObject(fields),
    form: formFor({
      title: 'How are you told?',
      submit: 'Save',
      fields,
      who: ({ kind }) => kind === 'person',
      ask: async (context) => ({
        lead: 'What cannot wait comes at once in any case: who acts in your name, and approvals that run out.',
        choices: {
          channel: [
            { value: ANY, label: 'Whichever suits' },
            ...(await channelsToChoose(context)).map((value) => ({ value, label: CHANNEL_NAMES[value] })),
          ],
        },
      }),
    }),
    load: async () => ({}),
    policy: ({ kind }) => kind === 'person',
    handle: async (context, { topic, pace, channel }) => {
      if (channel !== ANY && !(await channelsToChoose(context)).includes(channel))
        throw wrong({ channel: 'is not linked to you, or nobody can be written to directly there' });
      const chosen: TopicChoice = { pace, ...(channel === ANY ? {} : { channel }) };
      const by = channel === ANY ? '' : `, by ${CHANNEL_NAMES[channel]}`;
      const how = `${PACE_NAMES[pace].toLowerCase().replace('monday', 'Monday')}${by}`;
      return set(context, (before) => withTopic(before, topic, chosen), {
        what: `${topic} ${pace}`,
        say: `${topicText(topic)}: ${how}.`,
      });
    },
    reply: setReply,
  });
}
