import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const TABLE = 'prisma/migrations/20261126160000_hours/migration.sql';
const MONTH = 'src/core/hours/month.ts';
const RULES = 'src/core/hours/rules.ts';
const hours = 'src/core/hours';

const reminders = 'src/testing/reminders.test.ts';

/** What was worked, what the client agreed to and signed: who may, and what stays. */
export const HOURS: readonly Mutant[] = [
  mutant(
    'the client is reminded of a month that it disputed',
    'prisma/migrations/20261127040000_reminders/migration.sql',
    "from hours_period p where p.status = 'sent' and p.look_at <= p_at",
    'from hours_period p where p.look_at <= p_at',
    reminders,
  ),
  mutant(
    'the client is reminded of hours that are not asked for any more',
    'prisma/migrations/20261127040000_reminders/migration.sql',
    "from hours_overrun o where o.status = 'asked' and o.look_at <= p_at",
    'from hours_overrun o where o.look_at <= p_at',
    reminders,
  ),
  mutant('a signature is of whatever the month holds', MONTH, 'if (wish.hash !== hash)', 'if (!wish.hash)', hours),
  mutant(
    'what is signed is changed',
    MONTH,
    "if (why === 'signed') throw",
    "if (why === 'signed' && period.invoiced) throw",
    hours,
  ),
  mutant(
    'a disputed month is signed',
    MONTH,
    "if (state.status !== 'sent') throw refusal(period, standingText(period));\n  if (wish",
    "if (state.status === 'open' || state.status === 'signed') throw refusal(period, standingText(period));\n  if (wish",
    hours,
  ),
  mutant(
    'the team is warned again and again',
    MONTH,
    '&& (told === null || told < agreed)',
    '&& (told === null || told <= agreed)',
    hours,
  ),
  mutant(
    'an invoice bills what is not there',
    MONTH,
    'if (bill.minutes !== used)',
    'if (bill.minutes > used * 99)',
    hours,
  ),
  mutant(
    'an entry that was worked before it was agreed on says so no more',
    MONTH,
    'isBeyond: isOver || wasOver',
    'isBeyond: isOver',
    hours,
  ),
  mutant(
    'whoever logs changes what others logged',
    RULES,
    'return mayLog(actor, entry) && (isOwn(actor, entry) || runsHours(actor));',
    'return mayLog(actor, entry);',
    hours,
  ),
  mutant(
    'whoever may not read billing reads what others logged',
    RULES,
    'return mayRead(actor, entry) || (isFirm(actor) && isOwn(actor, entry));',
    'return mayRead(actor, entry) || isFirm(actor);',
    hours,
  ),
  mutant(
    'a day is made longer than it is',
    'src/core/hours/log-fields.ts',
    'if (minutes + others > DAY)',
    'if (minutes > DAY)',
    hours,
  ),
  mutant(
    'the day of a client is added up without the others',
    TABLE,
    'where e.tenant_id = v_tenant and e.person_id = p_person and e.day = p_day',
    "where e.tenant_id = v_tenant and e.client_id::text = current_setting('app.client', true) and e.person_id = p_person and e.day = p_day",
    hours,
  ),
  mutant(
    'the client reads entries before the month is sent',
    TABLE,
    "contact_where => 'shared'",
    "contact_where => 'shared is not null'",
    hours,
  ),
  mutant(
    'the client sees months before they are sent',
    TABLE,
    "contact_where => $$status <> 'open'$$",
    "contact_where => $$status <> ''$$",
    hours,
  ),
  mutant(
    'an entry of a signed month is changed with SQL',
    TABLE,
    "and (p.status = 'signed' or p.invoice_id is not null)) then",
    "and p.status = '') then",
    hours,
  ),
  mutant(
    'the firm signs in the name of its client',
    TABLE,
    "and not coalesce(old.status = 'sent' and parley_is_contact(new.tenant_id, new.answered_by, new.answered_by_name), false) then",
    "and not coalesce(old.status = 'sent', false) then",
    hours,
  ),
  mutant(
    'a signature is given another name with SQL',
    TABLE,
    "v_later text[] := '{version, ",
    "v_later text[] := '{answered_by_name, version, ",
    hours,
  ),
  mutant(
    'an entry of a signed month is hidden from the client',
    TABLE,
    'if old.shared and not new.shared then',
    'if old.shared and new.shared is null then',
    hours,
  ),
  mutant(
    'an entry counts in the month of another client',
    TABLE,
    '  -- A month of the very project.\n  foreign key (tenant_id, project_id, period_id) references hours_period (tenant_id, project_id, id),\n  foreign key (tenant_id, person_id)',
    '  foreign key (tenant_id, person_id)',
    hours,
  ),
  mutant(
    'the client answers a request anew with SQL',
    TABLE,
    "using (status = 'asked') with check",
    'using (true) with check',
    hours,
  ),
  mutant(
    'what the client said of a month is written anew',
    TABLE,
    "using (status = 'sent') with check",
    "using (status <> 'open') with check",
    hours,
  ),
  mutant(
    'a note that the client is not to read is told with what was taken out',
    'src/core/hours/change-entry.ts',
    'if (it.isShared && !after.billable && !isSame)',
    'if (!it.isShared && !after.billable && !isSame)',
    hours,
  ),
  mutant(
    'whoever may not read billing is told what is left',
    'src/core/hours/booking.ts',
    'if (!mayRead(actor, period))',
    "if (actor.kind === 'system')",
    hours,
  ),
  mutant(
    'a request of a signed month waits for ever',
    'src/core/hours/waiting.ts',
    "and p.id = o.period_id and p.status = 'signed')",
    "and p.id = o.period_id and p.status = '')",
    hours,
  ),
];
