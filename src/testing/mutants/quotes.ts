import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const OFFER = 'src/core/quotes/offer.ts';
const quotes = 'src/core/quotes';
const money = 'src/core/kernel/money.test.ts';

export const QUOTES: readonly Mutant[] = [
  mutant(
    'the client is told of an offer and reminded of it at once',
    'src/core/quotes/reminders.ts',
    'quietUntil: state.sent.at.getTime() + REST',
    'quietUntil: state.sent.at.getTime()',
    'src/testing/reminders.test.ts',
  ),
  mutant(
    'who was reminded is reminded every five minutes',
    'src/core/kernel/remind-on.ts',
    'const after = { ...it, remindedAt: context.now };',
    'const after = { ...it };',
    'src/testing/reminders.test.ts',
  ),
  mutant(
    'a quote is accepted after the end of its last day',
    OFFER,
    'if (now >= state.sent.expiresAt) throw refusal(quote, expiredText(quote));\n  const taken',
    'const taken',
    quotes,
  ),
  mutant(
    'an acceptance is of whatever the quote offers',
    OFFER,
    'if (hash !== quote.hash && hash !== chosen)',
    'if (!hash)',
    quotes,
  ),
  mutant(
    'an option is taken that there is not',
    'src/core/kernel/ticks.ts',
    'if (wrong === undefined) return',
    "if (wrong !== '') return",
    quotes,
  ),
  mutant(
    'a word by mail accepts a quote with options without saying which',
    'src/bots/email/press.ts',
    "(field.required || (field.kind === 'several' && field.needed))",
    'field.required',
    'src/bots/email/quote.test.ts',
  ),
  mutant(
    'the only option of a quote is ticked for the client',
    'src/core/kernel/asking.ts',
    'return before ?? (mayBeEmpty(schema) ? undefined : onlyOne(schema, choices));',
    'return before ?? onlyOne(schema, choices);',
    quotes,
  ),
  mutant(
    'a cycle is agreed on whose scope became another one',
    OFFER,
    'if (moved.length)',
    'if (moved.length > 99)',
    quotes,
  ),
  mutant(
    'a quote that was accepted meanwhile is replaced',
    OFFER,
    "if (state.status === 'accepted')\n    throw refusal(quote, `${called(quote)} was accepted meanwhile.",
    "if (state.status === 'draft')\n    throw refusal(quote, `${called(quote)} was accepted meanwhile.",
    quotes,
  ),
  mutant(
    'what the client has seen is written anew',
    'src/core/quotes/draft.ts',
    "if (quote.state.status !== 'draft')",
    "if (quote.state.status === 'accepted')",
    quotes,
  ),
  mutant(
    'who presses on a quote that was replaced is not told what changed',
    'src/core/quotes/accept-quote.ts',
    "if (it.state.status === 'superseded') throw await replaced(context, it, it.state.by);",
    '',
    quotes,
  ),
  mutant(
    'what comes again and again is added to what is billed once',
    'src/core/quotes/price.ts',
    "billed === 'acceptance' || billed === 'completion' ? 'once' : billed",
    "billed === 'yearly' ? billed : 'once'",
    quotes,
  ),
  mutant('a half is rounded down', 'src/core/kernel/money.ts', '(2n * size + divisor)', '(2n * size)', money),
  mutant(
    'tax is rounded on each line, whatever the rule says',
    'src/core/kernel/vat.ts',
    "rounding === 'line' ? share :",
    'rounding !== undefined ? share :',
    money,
  ),
  mutant(
    'a contact sees what the firm has not sent yet',
    'prisma/migrations/20261126130000_quotes/migration.sql',
    "contact_where => $$status <> 'draft'$$",
    "contact_where => $$status <> ''$$",
    quotes,
  ),
  mutant(
    'a note on a quote is for the client too',
    'src/core/conversations/talk.ts',
    'words, true)',
    'words, false)',
    quotes,
  ),
  mutant(
    'a message about a draft is for the client, who does not see the draft',
    'src/core/quotes/reply-to-quote.ts',
    'when: (it) => !isDraft(it) ||',
    'when: (_it) => true ||',
    quotes,
  ),
  mutant(
    'what is said about a quote is for whoever may see its project',
    'src/core/quotes/views.ts',
    '  allow(mayRead(context.actor, quote));\n',
    '',
    quotes,
    'src/testing/permissions.test.ts',
  ),
];
