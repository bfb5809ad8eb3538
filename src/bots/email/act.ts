import type { Person, Who } from '../../core/kernel/actor.ts';
import type { Card } from '../../core/kernel/card.ts';
import { decodePress } from '../../core/kernel/card.ts';
import { withActor } from '../../core/kernel/context.ts';
import { DomainError, NotLinked } from '../../core/kernel/errors.ts';
import type { Worked } from '../../core/kernel/inbox.ts';
import type { App } from '../../core/kernel/registry.ts';
import { shows, showView } from '../../core/kernel/registry.ts';
import { Undeliverable } from '../channel.ts';
import { answerMail } from './answer.ts';
import type { Arrived, Result } from './arrived.ts';
import { applied, quarantined, whoOf } from './arrived.ts';
import type { MailTools } from './mail-tools.ts';
import { askWhatIsMeant, pressWord, say, sayAll } from './press.ts';
import type { Post } from './smtp.ts';
import type { ShownWords } from './words.ts';
import { fingerprintOf, firstWord, shownWords } from './words.ts';

/** Presses the button that the mail's first word names, or hands on what was said; then tells the writer what they should know. */
export async function actOn(tools: MailTools & { post: Post }, arrived: Arrived): Promise<Worked> {
  const person = await personOf(tools.app, whoOf(tools, arrived));
  const { worked, answer, courtesy } = person ? await resultFor(tools, arrived) : stranger(arrived);
  if (!answer) return worked;
  const { from, messageId, thread: references, item } = arrived;
  const incoming = { from, name: item.deliveryId, messageId, references };
  try {
    await answerMail(tools, arrived.posted, incoming, person, answer);
    return worked;
  } catch (error) {
    if (!courtesy && !(error instanceof Undeliverable)) throw error;
    tools.app.log.warn({ err: error }, 'the answer to a mail could not be sent');
    return { ...worked, outcome: `${worked.outcome} (our answer could not be sent)` };
  }
}

function stranger({ from }: Arrived): Result {
  const lead = [
    'We do not know this address, so nothing was done. Your mail was kept.',
    'Please answer from the address that our mail was sent to, or ask the firm to add this one.',
  ];
  return { worked: quarantined(`nobody is linked to ${from}; nothing was done`), answer: { lead, card: null } };
}

async function resultFor(room: MailTools, arrived: Arrived): Promise<Result> {
  const { body, clear } = arrived.mail;
  const isView = (encoded: string) => {
    const press = decodePress(encoded);
    return press !== null && shows(room.app.registry, press);
  };
  const words = await wordsShown(room, arrived);
  if (words) {
    const first = firstWord(body, words, isView);
    if (first.kind === 'none') return say(room, arrived);
    if (first.kind === 'word' && clear) return pressWord(room, arrived, words, first);
    return askWhatIsMeant(room, arrived, { words, word: first.word, now: await currentCard(room, arrived) });
  }
  // What the answered mail showed is not known any more: a word in it presses nothing.
  const now = await currentCard(room, arrived);
  const known = { ...arrived.posted.ref?.words, ...(now ? shownWords(now) : {}) };
  if (firstWord(body, known, isView).kind === 'none') return say(room, arrived);
  const lead = [
    'This has changed since the mail you answered was written, so nothing was done. This is how it is now:',
  ];
  const outcome = 'answered an old mail; nothing was changed, and the sender was shown the present card';
  // More than the word alone is kept all the same.
  if (body.trim().includes('\n') || /\s/.test(body.trim())) await sayAll(room, arrived);
  return { worked: applied(outcome), answer: { lead, card: now } };
}

/** What the words of the answered mail stood for: as it was posted, or as our later answer in its thread showed it. */
async function wordsShown(room: MailTools, arrived: Arrived): Promise<ShownWords | null> {
  const { posted, shown } = arrived;
  const posting = posted.ref?.words ?? {};
  if (shown === null || fingerprintOf(posting) === shown) return posting;
  const now = await currentCard(room, arrived);
  const present = now ? shownWords(now) : {};
  return fingerprintOf(present) === shown ? present : null;
}

/** The posted card as its view shows it to the sender now. */
async function currentCard(room: MailTools, arrived: Arrived): Promise<Card | null> {
  try {
    return await showView(room.app, whoOf(room, arrived), arrived.posted.view);
  } catch (error) {
    if (error instanceof DomainError && error.code !== 'unavailable') return null;
    throw error;
  }
}

async function personOf(app: App, who: Who): Promise<Person | null> {
  try {
    return await withActor(app, who, async ({ actor }) => (actor.kind === 'person' ? actor : null));
  } catch (error) {
    if (error instanceof NotLinked) return null;
    throw error;
  }
}
