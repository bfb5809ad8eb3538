import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const SETTLE = 'src/core/invoices/settle.ts';
const TABLE = 'prisma/migrations/20261126170000_invoices/migration.sql';
const tests = 'src/core/invoices/invoices.test.ts';
const machine = 'src/core/invoices/machine.test.ts';
const rules = 'src/core/invoices/rules.test.ts';
const documents = 'src/core/invoices/documents.test.ts';

/** What clients owe: numbers, what was paid and credited of them, and who is reminded. */
export const INVOICES: readonly Mutant[] = [
  mutant('more is paid than is due', SETTLE, 'if (amount > due)', 'if (amount > due + 1_000_000)', tests, machine),
  mutant(
    'what is settled by a credit stays open',
    SETTLE,
    'return settled({ ...it, credited: it.credited + positive(amount) });',
    'return { ...it, credited: it.credited + positive(amount) };',
    machine,
  ),
  mutant(
    'a deposit is taken off twice',
    SETTLE,
    'if (isWhole && deposit.deductedIn === null) return;',
    'if (isWhole) return;',
    rules,
  ),
  mutant(
    'the deposit of a quote is asked for after all of it was billed',
    'src/core/invoices/bill-quote.ts',
    "['deposit', ...PARTS.filter((part) => isLast(agreed, part))]",
    "['deposit']",
    tests,
  ),
  mutant(
    'something is due of what is void',
    'src/core/invoices/rules.ts',
    "return isIssued({ state }) && kind !== 'credit' ?",
    "return state.status !== 'draft' && kind !== 'credit' ?",
    tests,
    machine,
  ),
  mutant(
    'what was issued is voided though it was paid',
    'src/core/invoices/rules.ts',
    'if (it.paid > 0) return',
    'if (it.paid < 0) return',
    tests,
    machine,
  ),
  mutant(
    'the client is reminded of what was paid',
    'src/core/invoices/reminders.ts',
    'if (!isOpen(it) || dueOn === null ||',
    'if (dueOn === null ||',
    rules,
  ),
  mutant(
    'reminders of weeks in which the hub was off come all at once',
    'src/core/kernel/reminders.ts',
    'const from = Math.max(quietUntil, remindedAt?.getTime() ?? 0);',
    'const from = quietUntil;',
    rules,
  ),
  mutant(
    'a part of a credit or deposit is lost where its shares are rounded',
    'src/core/kernel/vat.ts',
    'const part = divide(gross * passed, total) - given;',
    'const part = divide(gross * (net + tax), total);',
    rules,
    machine,
  ),
  mutant(
    'two who issue at once get the same number',
    TABLE,
    'c.year = p_year for update;',
    'c.year = p_year;',
    'src/core/invoices/issuers.test.ts',
  ),
  mutant(
    'a number is taken and nothing is issued under it',
    TABLE,
    'if new.last > 0 and not exists',
    'if new.last < 0 and not exists',
    tests,
  ),
  mutant(
    'a contact sees what the firm has not issued yet',
    TABLE,
    "contact_where => 'number is not null'",
    "contact_where => 'seq is not null'",
    tests,
  ),
  mutant(
    'the firm changes what was issued',
    TABLE,
    'if old.number is not null and (new.number,',
    'if old.number is null and (new.number,',
    tests,
  ),
  mutant(
    'what a client owes in projects of which they only view stands in their list',
    'src/core/invoices/list-queries.ts',
    '${projects}::uuid[] is null or i.project_id = any(${projects}::uuid[])',
    '${projects}::uuid[] is null or i.project_id is not null',
    tests,
  ),
  mutant(
    'of two who bill a quote at once neither finds what the other one billed',
    'src/core/quotes/billing.ts',
    'await quoteForUpdate(context, id)',
    'await readQuote(context, id)',
    'src/testing/at-once.test.ts',
  ),
  mutant(
    'a member says to which account clients pay',
    'src/core/invoices/rules.ts',
    " && !(actor.kind === 'person' && actor.role === 'member')",
    '',
    documents,
  ),
  mutant(
    'the link of a mail says to which account clients pay',
    'src/core/invoices/set-seller.ts',
    "  assurance: 'chat',\n",
    '',
    'src/testing/permissions.test.ts',
  ),
  mutant(
    'a draft has a document that looks like an invoice',
    'src/core/invoices/document-views.ts',
    '  there(numberOf(invoice));\n',
    '',
    documents,
  ),
  mutant(
    'a document is for whoever may see the client',
    'src/core/invoices/document-views.ts',
    '  allow(mayRead(context.actor, invoice));\n',
    '',
    documents,
  ),
  mutant(
    'what was issued names whoever bills now',
    'src/core/invoices/parties.ts',
    'const [kept] = isDraft(it)',
    'const [kept] = it',
    documents,
  ),
];
