import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const TABLES = 'prisma/migrations/20261127020000_billing/migration.sql';
const hours = 'src/core/invoices/hours.test.ts';
const lines = 'src/core/invoices/hour-lines.test.ts';
const periods = 'src/core/subscriptions';

/** Hours and what comes again: each billed once, and none lost. */
export const BILLING: readonly Mutant[] = [
  mutant(
    'what was wholly credited keeps its hours',
    'src/core/invoices/billed-hours.ts',
    "if (state.status === 'void' || state.status === 'credited') return [];",
    "if (state.status === 'void') return [];",
    lines,
  ),
  mutant(
    'a void invoice keeps its hours',
    'src/core/invoices/void-invoice.ts',
    'await releaseFreed(context, it, after)',
    '[] as never[]',
    hours,
  ),
  mutant(
    'of a removed month one line stays',
    'src/core/invoices/draft.ts',
    '|| (hours !== undefined && one.hours?.period === hours.period)',
    '',
    lines,
  ),
  mutant(
    'a line of hours is written over',
    'src/core/invoices/draft.ts',
    'if (hours)\n    throw',
    'if (hours && tax !== null)\n    throw',
    lines,
  ),
  mutant(
    'what nobody signed is billed without a word',
    'src/core/invoices/hour-lines.ts',
    "if (standing === 'signed' || unsigned === 'yes') return;",
    "if (standing !== 'disputed' || unsigned === 'yes') return;",
    lines,
  ),
  mutant(
    'the hours of three people are less than those of the month',
    'src/core/invoices/hour-lines.ts',
    '(losers.includes(index) ? 1n : 0n)',
    '0n',
    lines,
  ),
  mutant('hours go to an invoice that was issued', TABLES, "\n      and i.status = 'draft') then", ') then', hours),
  mutant(
    'hours leave an invoice that bills them',
    TABLES,
    "in ('draft', 'credited', 'void')) then\n    raise exception 'the hours of %: an invoice",
    "in ('draft', 'open', 'credited', 'void')) then\n    raise exception 'the hours of %: an invoice",
    hours,
  ),
  mutant(
    'a client learns of a draft by their hours',
    'src/core/hours/period-queries.ts',
    'or parley_sees_invoice(p.invoice_id) then p.invoice_id end',
    'or true then p.invoice_id end',
    hours,
  ),
  mutant(
    'an old form writes over what stands there',
    'src/core/invoices/seen.ts',
    'if (seen === markOf(whose, noted)) return;',
    'if (seen.length >= 0) return;',
    hours,
  ),
  mutant(
    'what has ended is billed',
    'src/core/subscriptions/periods.ts',
    "if (it.state.status === 'ended') return due;",
    '',
    periods,
  ),
  mutant(
    'a period begins before the day on which the one before ends',
    'src/core/subscriptions/periods.ts',
    'if (period.from > today) break;',
    'if (period.from >= today) break;',
    periods,
  ),
  mutant(
    'what began before a subscription was ended is not billed',
    'src/core/subscriptions/end-subscription.ts',
    'await draftPeriods(context, it, due)',
    'await draftPeriods(context, it, [])',
    periods,
  ),
  mutant(
    'the team is told of a month again and again',
    TABLES,
    "where p.status = 'open' and p.unsent_told_at is null and p.month between",
    "where p.status = 'open' and p.month between",
    'src/core/hours',
  ),
];
