import { z } from 'zod';
import type { ChannelName } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import { wrong } from '../kernel/faults.ts';
import { choice, otherwise } from '../kernel/field.ts';
import { formFor } from '../kernel/form.ts';
import { channelsToChoose } from './channels.ts';
import { CHANNEL_NAMES, CHANNELS, HOURS, hourText } from './schema.ts';
import { set, setReply } from './setting-command.ts';
import { settingsFor } from './settings.ts';

const ANY = 'any';
const labels = { [ANY]: 'Whichever suits', ...CHANNEL_NAMES };
const fields = {
  on: otherwise('yes', choice(['yes', 'no'], { label: 'Do you want a digest?' })),
  hour: otherwise(
    '8',
    z
      .string()
      .regex(/^([01]?[0-9]|2[0-3])$/, 'is not an hour of the day')
      .meta({ label: 'When?', choices: HOURS, hint: 'What waits already comes when it was to come.' }),
  ),
  channel: otherwise(ANY, choice([ANY, ...CHANNELS], { label: 'By which channel?', labels })),
};

/** Sets whether, when and by which channel the digest comes. */
export const setDigest = command({
  name: 'notice.set-digest',
  input: z.strictObject(fields),
  form: formFor({
    title: 'Your digest',
    submit: 'Save',
    fields,
    who: ({ kind }) => kind === 'person',
    ask: async (context) => {
      const { actor } = context;
      const now = await settingsFor(context, actor.kind === 'person' ? actor.personId : '');
      const channels = await channelsToChoose(context);
      return {
        lead: `By your clock, ${actor.timezone}. A digest in which nothing would stand is not sent.`,
        values: { on: now.digest ? 'yes' : 'no', hour: String(now.digestHour), channel: now.digestChannel ?? ANY },
        choices: { channel: [ANY, ...channels].map((value) => ({ value, label: labels[value as typeof ANY] })) },
      };
    },
  }),
  load: async () => ({}),
  policy: ({ kind }) => kind === 'person',
  handle: async (context, { on, hour, channel }) => {
    const chosen: ChannelName | null = channel === ANY ? null : channel;
    if (chosen && !(await channelsToChoose(context)).includes(chosen))
      throw wrong({ channel: 'is not linked to you, or nobody can be written to directly there' });
    const digest = on === 'yes';
    const say = digest
      ? `Your digest comes at ${hourText(Number(hour))} (${context.actor.timezone})${chosen ? `, by ${CHANNEL_NAMES[chosen]}` : ''}.`
      : 'No digest comes any more.';
    return set(context, (before) => ({ ...before, digest, digestHour: Number(hour), digestChannel: chosen }), {
      what: digest ? `digest at ${hourText(Number(hour))}` : 'no digest',
      say,
    });
  },
  reply: setReply,
});
