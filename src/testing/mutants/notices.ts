import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const TABLE = 'prisma/migrations/20261127000000_notices/migration.sql';
const DECIDE = 'src/core/notices/decide.ts';
const TIMES = 'src/core/notices/times.ts';
const TELL = 'src/core/notices/tell.ts';
const rules = 'src/core/notices/decide.test.ts';
const tests = 'src/core/notices/notices.test.ts';
const mails = 'src/core/notices/stop.test.ts';

/** How people are told: of nothing that is not theirs, once, when they want it, and never too late. */
export const NOTICES: readonly Mutant[] = [
  mutant(
    'what is critical waits for the end of quiet hours',
    DECIDE,
    "if (tier === 'critical') return",
    "if (tier === 'critical' && !settings.quiet) return",
    rules,
  ),
  mutant('what is not theirs to see is told', DECIDE, "if (!asked.mayRead) return none('no-right');", '', rules),
  mutant('whoever did it is told of it', DECIDE, "if (asked.isOwnAct) return none('own-act');", '', rules),
  mutant('a reminder goes out after it is over', DECIDE, "if (asked.isOver) return none('over');", '', rules),
  mutant('a channel that cannot be reached is tried', DECIDE, '.filter(({ isReachable }) => isReachable)', '', rules),
  mutant(
    'quiet hours end by the clock of the hub',
    TIMES,
    'DateTime.fromJSDate(at, { zone: timezone })',
    "DateTime.fromJSDate(at, { zone: 'UTC' })",
    rules,
  ),
  mutant(
    'a weekly digest comes every day',
    TIMES,
    '(!weekly || day.weekday === MONDAY)',
    '(!weekly || day.weekday > 0)',
    rules,
  ),
  mutant(
    'a notice is given twice for one fact',
    TABLE,
    '  unique (tenant_id, person_id, event_id),\n',
    '  unique (tenant_id, person_id, event_id, id),\n',
    tests,
  ),
  mutant(
    'what ended meanwhile is told all the same',
    TELL,
    'hasHappened(sql, tenantId, event.about, { seq: event.seq, names: until.get(event.name) ?? [] }),',
    'Promise.resolve(false),',
    tests,
  ),
  mutant(
    'everybody of the firm reads everybody’s notices',
    TABLE,
    `create policy notice_own on notice for select
  to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and person_id = (select nullif(current_setting('app.person', true), '')::uuid));`,
    `create policy notice_own on notice for select
  to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));`,
    'src/testing/isolation.test.ts',
  ),
  mutant(
    'opening the link stops the digest',
    'src/portal/stop-pages.ts',
    "web.get('/stop/:token', (request, response) => show(portal, request, response));",
    "web.get('/stop/:token', (request, response) => stop(portal, request, response));",
    mails,
  ),
  mutant(
    'a link that presses a button stops mails as well',
    'src/core/kernel/links.ts',
    "const values = readSigned(secrets, 'stop', token);",
    "const values = readSigned(secrets, 'stop', token) ?? readSigned(secrets, 'action-link', token);",
    mails,
  ),
  mutant(
    'mails that must be had can be stopped',
    'src/bots/email/index.ts',
    'const what = view && app.registry.views.get(view.target)?.stops;',
    "const what = view && (app.registry.views.get(view.target)?.stops ?? 'digest');",
    mails,
  ),
];
