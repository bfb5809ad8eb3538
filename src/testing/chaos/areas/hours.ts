import { once } from '../once.ts';
import type { Pressed, Step } from '../stories.ts';

const log: Step = {
  ...{ by: 'admin', does: 'hours.log', leaves: 'entry.logged' },
  input: ({ project, month, mark }) => ({ project, day: `${month}-12`, time: '2h', note: mark }),
};

const logForgotten: Step = {
  ...log,
  input: (made) => ({ ...log.input(made), note: `Forgotten ${made.mark}` }),
};

/** Each entry counts its month's version up, which begins at 1. */
const send = (entries: number): Step => ({
  ...{ by: 'admin', does: 'period.send', leaves: 'period.sent' },
  input: ({ period }) => ({ period, version: 1 + entries }),
});

const sign: Step = {
  ...{ by: 'approver', does: 'period.sign', leaves: 'period.signed', signs: {} },
  input: ({ period, hash }) => ({ period, hash }),
};

export const hours: Pressed = {
  stories: [
    { steps: [log, log, send(2), sign] },
    {
      steps: [logForgotten, send(1)],
      ages: ({ period }) =>
        `update hours_period set sent_at = date_trunc('second', now()) - interval '4 days', look_at = now() where id = '${period}'`,
    },
  ],
  schedules: ['hours', 'hours-to-sign'],
  checks: [
    once('hours_period', 'period.sent', `t.status in ('sent', 'signed')`),
    once('hours_period', 'period.signed', `t.status = 'signed'`),
    once(
      'hours_period',
      'period.reminded',
      `exists (select from time_entry e where e.period_id = t.id and e.note like 'Forgotten %')`,
    ),
    once('time_entry', 'entry.logged', 'true'),
  ],
};
