import { once } from '../once.ts';
import type { Pressed, Step } from '../stories.ts';

const draft: Step = {
  ...{ by: 'admin', does: 'invoice.draft', leaves: 'invoice.drafted' },
  // 1,428.00 with its tax.
  input: ({ client, project, mark }) => ({
    ...{ client, project, currency: 'EUR', title: mark, text: 'Checkout', quantity: '2', price: '600.00', vat: '19' },
  }),
};

const draftForgotten: Step = {
  ...draft,
  input: (made) => ({ ...draft.input(made), title: `Forgotten ${made.mark}` }),
};

const issue: Step = {
  ...{ by: 'admin', does: 'invoice.issue', leaves: 'invoice.issued' },
  input: ({ invoice, version }) => ({ invoice, version }),
};

const pay = (amount: string): Step => ({
  ...{ by: 'admin', does: 'invoice.record-payment', leaves: 'invoice.payment-recorded' },
  input: ({ invoice, version }) => ({ invoice, version, amount, day: '2026-01-02' }),
});

const credit: Step = {
  ...{ by: 'admin', does: 'invoice.credit', leaves: 'invoice.credited' },
  input: ({ invoice, version }) => ({ invoice, version, amount: '100.00', reason: 'A part was late' }),
};

const takeBack: Step = {
  ...{ by: 'admin', does: 'invoice.void', leaves: 'invoice.voided' },
  input: ({ invoice, version }) => ({ invoice, version, reason: 'Billed by mistake' }),
};

export const invoices: Pressed = {
  stories: [
    { steps: [draft, issue, pay('428.00'), credit, pay('900.00')] },
    { steps: [draft, issue, takeBack] },
    {
      steps: [draftForgotten, issue],
      // Overdue, and to be reminded of as on its last day; the next reminder is due in days.
      ages: ({ invoice }) =>
        `update invoice set issued_at = date_trunc('second', now()) - interval '30 days', due_on = current_date - 3, look_at = now() where id = '${invoice}'`,
    },
  ],
  schedules: ['invoices'],
  checks: [
    {
      name: 'years whose invoice numbers have a gap or a twin',
      sql: `select tenant_id, year, count(*) as invoices, min(serial) as first, max(serial) as last from invoice where serial is not null
        group by 1, 2 having (min(serial), max(serial), count(distinct serial)) is distinct from (1, count(*)::int, count(*))`,
    },
    {
      name: 'invoices that are not what their entries add up to',
      sql: `select i.id, i.status, i.gross, i.paid, i.credited, e.* from invoice i cross join lateral (
          select coalesce(sum(amount) filter (where kind = 'issued'), 0) as billed,
            -coalesce(sum(amount) filter (where kind in ('payment', 'refund', 'undo')), 0) as paid,
            -coalesce(sum(amount) filter (where kind = 'credit'), 0) as credited,
            -coalesce(sum(amount) filter (where kind = 'void'), 0) as voided
          from invoice_entry where invoice_id = i.id) e (billed, came, taken, voided)
        where i.number is not null and i.kind <> 'credit' and (e.billed, e.came, e.taken, e.voided)
          is distinct from (i.gross, i.paid, i.credited, case i.status when 'void' then i.gross else 0 end)`,
    },
    {
      name: 'credit notes that are not of one entry',
      sql: `select i.id from invoice i where i.kind = 'credit' and 1 <>
        (select count(*) from invoice_entry e where e.credit_id = i.id and e.invoice_id = i.corrects and e.amount = -i.gross)`,
    },
    once('invoice', 'invoice.issued', 't.number is not null'),
    once('invoice', 'invoice.paid', `t.status = 'paid'`),
    once('invoice', 'invoice.reminded', `t.title like 'Forgotten %'`),
    once('invoice', 'invoice.overdue', `t.title like 'Forgotten %'`),
  ],
};
