import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const FOLD = 'src/bots/email/fold.ts';
const DELIVER = 'src/bots/deliver.ts';
const SWEEP = 'src/core/kernel/sweep.ts';
const corpus = 'src/bots/email/corpus/hostile.test.ts';
const quality = 'src/bots/email/corpus/quality.test.ts';
const delivering = 'src/bots/deliver.test.ts';
const sweeping = 'src/core/kernel/sweep.test.ts';

/** What a mail is taken to say, what the clock asks for, and how cards are brought up to date. */
export const TRAFFIC: readonly Mutant[] = [
  mutant(
    'a word that nobody can see acts',
    'src/bots/email/html-style.ts',
    '  if (hides(style)) return true;\n',
    '',
    corpus,
  ),
  mutant(
    'a word inside what the client quotes acts',
    'src/bots/email/html-quotes.ts',
    "['gmail_quote', 'gmail_quote_container', 'gmail_attr', 'yahoo_quoted', 'moz-cite-prefix', 'moz-forward-container']",
    '[]',
    corpus,
  ),
  mutant(
    'answers between quoted lines are folded away',
    FOLD,
    'const folded = lines.map(isQuoted);',
    'const first = lines.findIndex(isQuoted);\n  const folded = lines.map((_, at) => first >= 0 && at >= first);',
    quality,
    'src/bots/email/fold.test.ts',
  ),
  mutant(
    'whatever stands below dashes is a signature',
    FOLD,
    '    if (fragment.isSignature() && !looksLikeSignature(lines.slice(first, last + 1))) continue;\n',
    '',
    quality,
    'src/bots/email/fold.test.ts',
  ),
  mutant(
    'each firm is a job of the sweep',
    SWEEP,
    'const FIRMS_OF_A_PAGE = 100;',
    'const FIRMS_OF_A_PAGE = 1;',
    sweeping,
  ),
  mutant('a sweep goes on when it is told to stop', SWEEP, '        signal.throwIfAborted();\n', '', sweeping),
  mutant(
    'a long job is started again while it runs',
    'src/core/kernel/worker.ts',
    'if (!held.length) return;',
    'if (held.length) return;',
    'src/core/kernel/jobs.test.ts',
  ),
  mutant(
    'an event of a thing redraws every card of its project',
    'src/bots/announce.ts',
    'and ((entity = ${event.about.entity} and entity_id = ${event.about.id} and view',
    'and ((project_id = ${event.projectId} and view',
    delivering,
  ),
  mutant(
    'a call to Slack may take as long as it likes',
    'src/bots/slack/transport.ts',
    'signal: deadline.signal,',
    '',
    'src/bots/slack/transport.test.ts',
  ),
  mutant(
    'the last of several rooms waits for others though none is left',
    'src/bots/together.ts',
    'if (!this.#gather(firm, waiting.length)) this.#pauses.get(firm)?.();',
    '',
    'src/bots/together.test.ts',
  ),
  mutant(
    'a platform’s pause counts for one room alone',
    DELIVER,
    "notePause(sql, turn, error.seconds, error.scope === 'account')",
    'notePause(sql, turn, error.seconds, false)',
    delivering,
  ),
  mutant(
    'a card that was refused for now is left for later',
    DELIVER,
    'if (!(error instanceof RetryLater)) left.shift();',
    'left.shift();',
    delivering,
  ),
  mutant(
    'what arrives late stands twice',
    DELIVER,
    '    if (card.looks) await removeTwins(work, card);\n',
    '',
    delivering,
  ),
  mutant(
    'a tag in a mail’s address has several spellings',
    'src/bots/email/address.ts',
    'return toBase32(decoded) === text ? decoded : null;',
    'return decoded;',
    'src/bots/email/address.test.ts',
  ),
  mutant(
    'what a worker that died had sent is sent again',
    DELIVER,
    'due.doubt_since ? await found(work, posting, due) : []',
    '[]',
    delivering,
  ),
  mutant(
    'every room gets a drawing of its own',
    'src/bots/drawing.ts',
    'JSON.stringify([readersOf(room), view.target, view.input])',
    'JSON.stringify([room, view.target, view.input])',
    delivering,
  ),
];
