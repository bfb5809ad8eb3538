import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { wrong } from '../kernel/faults.ts';
import { optional } from '../kernel/field.ts';
import { formFor } from '../kernel/form.ts';
import { HOURS, hourText } from './schema.ts';
import { set, setReply } from './setting-command.ts';
import { settingsFor } from './settings.ts';

const hour = (label: string, hint?: string) =>
  optional(
    z
      .string()
      .regex(/^([01]?[0-9]|2[0-3])$/, 'is not an hour of the day')
      .meta({ label, choices: HOURS, ...(hint ? { hint } : {}) }),
  );
const fields = {
  from: hour('From', 'Leave both empty for no quiet hours.'),
  to: hour('Until'),
};

/** Sets the hours in which nothing comes that can wait. What came meanwhile comes when they end. */
export const setQuietHours = command({
  name: 'notice.set-quiet-hours',
  input: z.strictObject(fields),
  form: formFor({
    title: 'Quiet hours',
    submit: 'Save',
    fields,
    who: ({ kind }) => kind === 'person',
    ask: async (context) => {
      const { actor } = context;
      const { quiet } = await settingsFor(context, actor.kind === 'person' ? actor.personId : '');
      return {
        lead: `By your clock, ${actor.timezone}. What cannot wait comes all the same.`,
        values: { from: quiet ? String(quiet.from) : null, to: quiet ? String(quiet.to) : null },
      };
    },
  }),
  load: async () => ({}),
  policy: ({ kind }) => kind === 'person',
  handle: async (context, { from, to }) => {
    if (from === undefined && to === undefined)
      return set(context, (before) => ({ ...before, quiet: null }), {
        what: 'no quiet hours',
        say: 'You have no quiet hours.',
      });
    if (from === undefined) throw wrong({ from: 'is needed where quiet hours end' });
    if (to === undefined) throw wrong({ to: 'is needed where quiet hours begin' });
    const quiet = { from: Number(from), to: Number(to) };
    if (quiet.from === quiet.to) throw wrong({ to: 'is when they begin: some of the day must be left' });
    const hours = `${hourText(quiet.from)} to ${hourText(quiet.to)}`;
    return set(context, (before) => ({ ...before, quiet }), {
      what: `quiet hours from ${hours}`,
      say: `Your quiet hours are from ${hours} (${context.actor.timezone}).`,
    });
  },
  reply: setReply,
});
