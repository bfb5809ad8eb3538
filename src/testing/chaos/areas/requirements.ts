import { daysAfter, todayOf } from '../../../core/kernel/dates.ts';
import { once, TIMEZONE } from '../once.ts';
import type { Pressed, Step } from '../stories.ts';

const ask: Step = {
  ...{ by: 'admin', does: 'requirement.ask', leaves: 'requirement.asked' },
  input: ({ project, mark }) => ({ project, title: mark, kind: 'words' }),
};

/** The reminder of three days before is due once it was asked for a while ago, and the next one only tomorrow. */
const askForTomorrow: Step = {
  ...ask,
  input: ({ project, mark }) => ({
    ...{ project, title: `Forgotten ${mark}`, kind: 'words' },
    due: daysAfter(todayOf(new Date(), TIMEZONE), 1),
  }),
};

const provide: Step = {
  ...{ by: 'approver', does: 'requirement.provide-words', leaves: 'requirement.provided' },
  input: ({ id, version, mark }) => ({ requirement: id, version, words: `What is needed for ${mark}` }),
};

const giveBack: Step = {
  ...{ by: 'admin', does: 'requirement.return', leaves: 'requirement.returned' },
  input: ({ id, version }) => ({ requirement: id, version, reason: 'The second half is missing' }),
};

const accept: Step = {
  ...{ by: 'admin', does: 'requirement.accept', leaves: 'requirement.accepted' },
  input: ({ id, version }) => ({ requirement: id, version }),
};

export const requirements: Pressed = {
  stories: [
    { steps: [ask, provide, giveBack, provide, accept] },
    {
      steps: [askForTomorrow],
      ages: ({ id }) =>
        `update requirement set created_at = date_trunc('second', now()) - interval '10 days', look_at = now() where id = '${id}'`,
    },
  ],
  schedules: ['requirements'],
  checks: [
    once('requirement', 'requirement.accepted', `t.status = 'accepted'`),
    once('requirement', 'requirement.reminded', `t.title like 'Forgotten %'`),
    {
      name: 'requirements that were provided more or less often than they count',
      sql: `select r.id from requirement r where r.round <>
        (select count(*) from event e where e.entity_id = r.id and e.name = 'requirement.provided')`,
    },
  ],
};
