import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const COMMAND = 'src/core/kernel/command.ts';
const INBOX = 'src/core/kernel/inbox.ts';
const DELIVERY = 'src/core/kernel/delivery.ts';
const CARD = 'src/core/kernel/card.ts';
const LINKS = 'src/core/kernel/links.ts';
const SECRETS = 'src/core/kernel/secrets.ts';
// By name: of the kernel's other tests some wait long for what never happens.
const LIST_PAGE = 'src/core/kernel/list-page.ts';
const lists = 'src/testing/lists.test.ts';
const kernel = 'src/core/kernel/kernel.test.ts';
const card = 'src/core/kernel/card.test.ts';
const secrets = 'src/core/kernel/secrets.test.ts';
const inbox = 'src/core/kernel/inbox.test.ts';
const SILENCE = 'src/core/kernel/silence.ts';
const silence = 'src/core/kernel/silence.test.ts';
const atOnce = 'src/testing/at-once';

export const KERNEL: readonly Mutant[] = [
  mutant(
    'a request id may be used again for another command',
    COMMAND,
    ' || replay.command !== command.name || ',
    ' || ',
    kernel,
  ),
  mutant('a request id may be used again with other input', COMMAND, ' || replay.inputHash !== inputHash', '', kernel),
  mutant('a repeat of a request does it again', COMMAND, 'if (before) return before;', '', kernel),
  mutant(
    'what ran at the same time is refused instead of answered',
    COMMAND,
    'throw meanwhile ? new AnsweredMeanwhile(meanwhile) : error;',
    'throw error;',
    atOnce,
    kernel,
  ),
  mutant(
    'a command asks nobody whether the actor may',
    COMMAND,
    "if (!command.policy(context.actor, subject)) throw new DomainError('forbidden', 'You may not do this.');",
    '',
    kernel,
  ),
  mutant(
    'what an actor cannot see is worked on all the same',
    COMMAND,
    "if (subject === null) throw new DomainError('not_found', 'This is not there, or not for you.');",
    '',
    kernel,
  ),
  mutant(
    'a room may act',
    COMMAND,
    "if (actor.kind === 'audience')",
    "if (actor.kind === ('nobody' as string))",
    kernel,
  ),
  mutant(
    'no command needs a surer sign',
    COMMAND,
    "if (typeof command.assurance === 'string') requireSure(context.actor, command.assurance);",
    '',
    'src/core/people/people.test.ts',
  ),
  mutant(
    'any assurance is sure enough',
    'src/core/kernel/actor.ts',
    'ASSURANCES.indexOf(actual) >= ASSURANCES.indexOf(least)',
    'ASSURANCES.indexOf(actual) >= 0',
    'src/core/people/people.test.ts',
  ),
  mutant(
    'an event is fanned out as often as it is asked for',
    DELIVERY,
    ' and delivered_at is null returning *',
    ' returning *',
    'src/bots/deliver.test.ts',
  ),
  mutant(
    'a delivery that fails for good is dropped',
    INBOX,
    "return { status: 'quarantined', outcome: error.say };",
    "return { status: 'applied', outcome: error.say };",
    inbox,
  ),
  mutant(
    'a source that is not set up applies everything',
    INBOX,
    "if (!source) return { status: 'quarantined',",
    "if (!source) return { status: 'applied',",
    inbox,
    'webhooks',
  ),
  mutant(
    'a press of any length is read',
    CARD,
    'if (Buffer.byteLength(text) > MAX_PRESS_BYTES) return null;',
    '',
    card,
  ),
  mutant(
    'a press that does not fit is drawn all the same',
    CARD,
    'if (Buffer.byteLength(text) > MAX_PRESS_BYTES)\n    throw',
    'if (Buffer.byteLength(text) < 0)\n    throw',
    card,
  ),
  mutant(
    'a link that nobody signed is read',
    LINKS,
    'if (more.length || !secrets.verify(purpose, text, signature)) return null;',
    'if (more.length) return null;',
    'src/portal/portal.test.ts',
  ),
  mutant(
    'a link never expires',
    LINKS,
    'nonce, expires, expired: expires * 1000 < now.getTime()',
    'nonce, expires, expired: false',
    'src/portal/portal.test.ts',
  ),
  mutant(
    'a link that signs in never expires',
    LINKS,
    'back, expires, expired: expires * 1000 < now.getTime()',
    'back, expires, expired: false',
    'src/portal/sign-in.test.ts',
  ),
  mutant(
    'one key signs for every purpose',
    SECRETS,
    "hkdfSync('sha256', secret, 'parley', purpose, 32)",
    "hkdfSync('sha256', secret, 'parley', '', 32)",
    secrets,
  ),
  mutant(
    'a signature may be of any length',
    SECRETS,
    'return given.length === expected.length && timingSafeEqual(given, expected);',
    'return timingSafeEqual(given, expected.subarray(0, given.length));',
    secrets,
  ),
  mutant(
    'a list begins in the middle of its order by passing all that stands before',
    LIST_PAGE,
    ') listed where (${columns.join',
    ') listed where ${columns[0]} is not null and (${columns.map((column) => `coalesce(${column})`).join',
    lists,
  ),
  mutant(
    'the way back through a list reads from its beginning',
    LIST_PAGE,
    'const isFalling = isDown !== isBack;',
    'const isFalling = isDown;',
    'src/core/tickets/triage.test.ts',
  ),
  mutant(
    'a page begins a millisecond too early or too late',
    'src/core/kernel/cursor.ts',
    'text.length > IN_MILLISECONDS ? number : number * 1_000',
    'number',
    'src/core/kernel/cursor.test.ts',
  ),
  mutant(
    'a list that drops a row hands out places of others',
    'src/core/kernel/list.ts',
    'if (rows.length !== places.length)',
    'if (rows.length < 0)',
    'src/core/kernel/list.test.ts',
  ),
  mutant(
    'a part that is not wanted narrows a list all the same',
    'src/core/kernel/sql-parts.ts',
    'if (value.isWanted) {',
    'if (value) {',
    'src/core/tickets/triage.test.ts',
  ),
  mutant(
    'a card that is drawn anew counts the whole of its thread',
    'src/core/tickets/queries.ts',
    'limit ${size + COUNTED + 1}) counted',
    ') counted',
    'src/testing/threads.test.ts',
  ),
  mutant(
    'an event that was fanned out is told as one that waits',
    DELIVERY,
    'and delivered_at is null order by at',
    'order by at',
    'src/cli/verify.test.ts',
  ),
  mutant(
    'a list is narrowed by something that its index does not hold',
    'src/core/tickets/list-queries.ts',
    "and case when t.status in ('new', 'needs_info', 'approved', 'in_progress') then 1 else 0 end = ${state",
    "and (t.status in ('new', 'needs_info', 'approved', 'in_progress'))::int = ${state",
    lists,
  ),
  mutant(
    'everybody knocks at a server that says nothing',
    SILENCE,
    'if (this.#waiting !== null) await this.#wait(this.#waiting);',
    '',
    silence,
  ),
  mutant(
    'whoever comes as a silent server answers is refused all the same',
    SILENCE,
    'resolve();',
    'reject(new ServerSilent());',
    silence,
  ),
  mutant(
    'a server that refused at once is taken for a silent one',
    SILENCE,
    '!isAnswer(error) && performance.now() - started > IN_VAIN',
    'true',
    silence,
  ),
  mutant(
    'a mail is to blame for the time that its reader takes to start',
    'src/bots/email/thread.ts',
    'await promise;',
    '',
    'src/bots/email/thread.test.ts',
  ),
  mutant(
    'between two presses everything else comes first',
    'src/door.ts',
    ' || now - answeredAt < CALM',
    '',
    'src/door.test.ts',
  ),
];
