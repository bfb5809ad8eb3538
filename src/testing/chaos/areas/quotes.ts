import { daysAfter, todayOf } from '../../../core/kernel/dates.ts';
import { once, TIMEZONE } from '../once.ts';
import type { Pressed, Step } from '../stories.ts';

const PRICED = { quantity: '2', price: '600.00', vat: '19' };

const draft: Step = {
  ...{ by: 'admin', does: 'quote.draft', leaves: 'quote.drafted' },
  input: ({ client, project, mark }) => ({
    ...{ client, project, currency: 'EUR', title: mark, text: 'Checkout', ...PRICED },
  }),
};

const addOption: Step = {
  ...{ by: 'admin', does: 'quote.add-line', leaves: 'quote.written' },
  input: ({ quote, version }) => ({ quote, version, text: 'Photos', ...PRICED, billed: 'completion', optional: 'yes' }),
};

const send: Step = {
  ...{ by: 'admin', does: 'quote.send', leaves: 'quote.sent' },
  input: ({ quote, version }) => ({ quote, version }),
};

const accept: Step = {
  ...{ by: 'approver', does: 'quote.accept', leaves: 'quote.accepted', signs: { take: '2' } },
  input: ({ quote, hash }) => ({ quote, hash }),
};

const decline: Step = {
  ...{ by: 'approver', does: 'quote.decline', leaves: 'quote.declined' },
  input: ({ quote, version }) => ({ quote, version, reason: 'Too much of it' }),
};

/** The reminder of a week before is due once the offer has stood for a while, and the next one only in days. */
const endsSoon: Step = {
  ...{ by: 'admin', does: 'quote.set-terms', leaves: 'quote.written' },
  input: ({ quote, version, mark }) => ({
    ...{ quote, version, title: `Forgotten ${mark}` },
    expiresOn: daysAfter(todayOf(new Date(), TIMEZONE), 5),
  }),
};

export const quotes: Pressed = {
  stories: [
    { steps: [draft, addOption, send, accept] },
    { steps: [draft, send, decline] },
    {
      steps: [draft, endsSoon, send],
      ages: ({ quote }) =>
        `update quote set sent_at = date_trunc('second', now()) - interval '10 days', look_at = now() where id = '${quote}'`,
    },
  ],
  schedules: ['quotes', 'quote-reminders'],
  checks: [
    once('quote', 'quote.accepted', `t.status = 'accepted'`),
    once('quote', 'quote.declined', `t.status = 'declined'`),
    {
      name: 'quotes without the one record of what was accepted',
      sql: `select q.id from quote q where (q.status = 'accepted')
        <> ((select count(*) from quote_acceptance a where a.quote_id = q.id and a.taken = '{2}' and a.hash = q.content_hash) = 1)`,
    },
    once('quote', 'quote.reminded', `t.title like 'Forgotten %'`),
  ],
};
