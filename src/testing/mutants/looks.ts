import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const CONTEXT = 'src/core/kernel/context.ts';
const PAGES = 'src/portal/look.ts';
const NOTE = 'src/core/people/note-look.ts';
const QUERIES = 'src/core/people/look-queries.ts';
const looks = 'src/portal/look.test.ts';
const invitations = 'src/portal/invitation.test.ts';

/** Seeing what a contact sees, and being invited. */
export const LOOKS: readonly Mutant[] = [
  mutant(
    'a command is done in a look',
    'src/core/kernel/command.ts',
    'if (isLook(who)) throw',
    'if (isLook(who) && false) throw',
    looks,
  ),
  mutant(
    'a look may write',
    CONTEXT,
    `if (isLook(who) || keyOf(who)) await transaction.sql\`select set_config('transaction_read_only', 'on', true)\`;`,
    '',
    looks,
  ),
  mutant(
    'a look is shown codes and links that sign in',
    CONTEXT,
    'secrets: isLook(who) ? signingNothing(kernel.secrets) : kernel.secrets',
    'secrets: isLook(who) && !kernel ? signingNothing(kernel.secrets) : kernel.secrets',
    looks,
  ),
  mutant(
    'a look shows where the other is signed in',
    'src/core/sessions/session.ts',
    'actor.personId === person && !actor.look)',
    'actor.personId === person)',
    looks,
  ),
  mutant(
    'links of a look lead out of it',
    CONTEXT,
    `if (actor.kind === 'person' && actor.look) return`,
    `if (actor.kind === 'person' && actor.look && !kernel) return`,
    looks,
  ),
  {
    name: 'a look has no end',
    edits: [
      { file: QUERIES, from: ' and l.ends_at > ${now}`', to: ' and ${now}::timestamptz is not null`' },
      { file: NOTE, from: ' and ends_at > ${now} for update`', to: ' and ${now}::timestamptz is not null for update`' },
    ],
    tests: [looks],
  },
  mutant(
    'a look is everybody’s of the team',
    QUERIES,
    'and l.staff_id = ${own}::uuid',
    'and ${own}::uuid is not null',
    looks,
  ),
  {
    name: 'a look outlives the access of its person',
    edits: [{ file: QUERIES, from: ' and p.id = l.person_id and p.active', to: ' and p.id = l.person_id' }],
    tests: [looks],
    survives: 'the transaction that is opened for the person finds nobody either',
  },
  mutant(
    'a look shows what one’s own rights hide',
    'src/core/people/views.ts',
    '    allow(maySeeAs(context.actor));\n',
    '',
    looks,
  ),
  mutant(
    'who may see as another asks for no right to read',
    'src/core/people/rules.ts',
    `isFirm(actor) && MODULES.every((module) => may(actor, 'read', module))`,
    `isFirm(actor) && (MODULES.length > 0 || may(actor, 'read', 'billing'))`,
    looks,
  ),
  mutant('a page of a look is not on record', PAGES, ' || !(await isNoted(portal, staff, id, page))', '', looks),
  mutant(
    'what is done can be pressed in a look',
    'src/portal/look-parts.ts',
    'if (sends || !shows(app.registry, { target, input }))',
    'if (sends)',
    looks,
  ),
  mutant(
    'every one of a client reads who looked',
    'src/core/people/lists.ts',
    '    allow(managesTeams(context.actor));\n    return looks(context, page);',
    '    return looks(context, page);',
    looks,
  ),
  mutant(
    'an invitation is sent to whoever is added without one',
    'src/core/sessions/index.ts',
    '(event.data.invite ? invite(event) : null)',
    'invite(event)',
    invitations,
  ),
  mutant(
    'invitations are sent without end',
    'src/core/sessions/invite.ts',
    'if (sent.length >= INVITATIONS_AN_HOUR)',
    'if (sent.length >= 1_000)',
    invitations,
  ),
  {
    name: 'an invitation is shown to others',
    edits: [
      {
        file: 'src/core/sessions/views.ts',
        from: 'from invitation where id = ${invitation} and person_id = ${actor.personId}`',
        to: 'from invitation where id = ${invitation} and ${actor.personId}::uuid is not null`',
      },
    ],
    tests: [invitations],
    survives: 'the policies of the database show everybody their own alone',
  },
  mutant(
    'an invitation counts for a year',
    'src/core/sessions/invitation.ts',
    'INVITATION_DAYS = 7',
    'INVITATION_DAYS = 365',
    invitations,
  ),
];
