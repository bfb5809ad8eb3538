import type { Answer } from '../../core/kernel/answer.ts';
import type { Card, Field, Press } from '../../core/kernel/card.ts';
import { decodePress, formOf, withWords } from '../../core/kernel/card.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import { ticksFor } from '../../core/kernel/ticks.ts';
import { withFiles } from '../files.ts';
import type { Arrived, Result } from './arrived.ts';
import { applied, filesOf, quarantined, requestIdOf, sayingOf, senderOf } from './arrived.ts';
import type { MailTools } from './mail-tools.ts';
import { bodyOf } from './said.ts';
import type { FirstWord, ShownWords } from './words.ts';
import { wordsOf } from './words.ts';

/** Presses the button that the mail's first word stands for; what is written behind the word goes into its form. */
export async function pressWord(
  room: MailTools,
  arrived: Arrived,
  words: ShownWords,
  { word, rest }: Extract<FirstWord, { kind: 'word' }>,
): Promise<Result> {
  const press = decodePress(words[word] ?? '');
  if (!press) return say(room, arrived);
  const answer = await room.inbound.press({ who: senderOf(room, arrived), press, requestId: requestIdOf(arrived) });
  if (answer.kind === 'form') return fill(room, arrived, { words, word, press, card: answer.card, text: rest });
  // There was no form to take it.
  if (rest || arrived.mail.files.length) await sayAll(room, arrived);
  return resultOf(answer, word);
}

/**
 * A word of ours among more ("APPROVE", and below it a condition), or one that nobody may have seen: nothing is pressed,
 * all of it is kept in the thread, and its writer is asked to confirm on the page what they mean.
 */
export async function askWhatIsMeant(
  room: MailTools,
  arrived: Arrived,
  { words, word, now }: { words: ShownWords; word: string; now: Card | null },
): Promise<Result> {
  const { kept, card: said } = await sayAll(room, arrived);
  const meant = now && wordsOf(now).find((one) => one.word === word)?.button;
  const card = now && meant ? { ...now, blocks: [], actions: [meant] } : null;
  const lead = [
    `Your mail says ${word} and more than that, so nothing was pressed.`,
    kept
      ? 'What you wrote is in the thread, where the others see it.'
      : 'What you wrote was kept, but it could not be put into the thread.',
    card
      ? `If you mean ${word} without any condition, confirm it on the page below, or answer with ${word} alone and nothing else.`
      : `If you mean ${word} without any condition, answer with ${word} alone and nothing else.`,
  ];
  const outcome = `asked what is meant by ${word}: nothing was pressed`;
  return {
    worked: kept ? applied(`${outcome}; said: ${said}`) : quarantined(outcome),
    answer: { lead, card, words },
  };
}

/** Hands on the whole mail beside what its word did; whether the thread took it. */
export async function sayAll(room: MailTools, arrived: Arrived): Promise<{ kept: boolean; card: string }> {
  const text = bodyOf(arrived.mail.body);
  const answer = await room.inbound.say({
    ...sayingOf(room, arrived),
    requestId: `${requestIdOf(arrived)}:text`,
    text,
  });
  if (answer.kind === 'refused' && (answer.code === 'unavailable' || answer.code === 'rate_limited'))
    throw new DomainError('unavailable', answer.say);
  return answer.kind === 'done' ? { kept: true, card: answer.card.fallback } : { kept: false, card: '' };
}

interface Filling {
  words: ShownWords;
  word: string;
  /** The view that shows the form. */
  press: Press;
  card: Card;
  text: string;
}

/** Submits a form by mail: its first free text is what stood behind the word; what has a value keeps it. */
async function fill(room: MailTools, arrived: Arrived, filling: Filling): Promise<Result> {
  const { word, card, text } = filling;
  const form = formOf(card);
  const open = form?.fields.filter(isOpen) ?? [];
  const free = open.find((field) => field.kind === 'text') ?? open.find((field) => field.kind === 'several');
  if (!form || open.some((field) => field !== free)) {
    if (text) await sayAll(room, arrived);
    return askBack(
      await begun(room, arrived, filling, free),
      `${word} needs more than a mail can say. Please fill in the form.`,
    );
  }
  if (free && !text)
    return askBack(
      filling,
      `Nothing was done yet: “${free.label}” is missing. Write it behind the word, like: ${word} ${exampleOf(free)}. Or fill in the form.`,
    );
  const given = Object.fromEntries(
    form.fields.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
  );
  const { target } = form.submit.press;
  const words = withFiles(room.app, target, bodyOf(text), filesOf(arrived));
  const typed = free ? { [free.name]: free.kind === 'several' ? ticksFor(words.text, free.options) : words.text } : {};
  const answer = await room.inbound.press({
    who: senderOf(room, arrived),
    press: form.submit.press,
    requestId: requestIdOf(arrived),
    form: { ...given, ...typed },
    known: words.known,
  });
  // What the form did not take is kept in the thread.
  if (text && (answer.kind !== 'done' || !free)) await sayAll(room, arrived);
  return answer.kind === 'invalid' ? askBack(filling, `Nothing was done: ${answer.say}`) : resultOf(answer, word);
}

/** Somebody must say something there. Boxes are not seen in a mail, so that none of them is ticked is said as well. */
function isOpen(field: Field): boolean {
  return field.value === undefined && (field.required || (field.kind === 'several' && field.needed));
}

/** What may stand behind the word. */
function exampleOf(field: Field): string {
  if (field.kind !== 'several') return '<your words>';
  const [first] = field.options;
  const name = [first?.value ?? '', first?.label ?? ''].sort((one, other) => one.length - other.length)[0];
  return `${name}${field.required ? '' : ', or none'} (several with commas between them, or all)`;
}

/** The form with the line that was written already, where its view takes one; else as it is. */
async function begun(room: MailTools, arrived: Arrived, filling: Filling, free: Field | undefined): Promise<Filling> {
  const [line = ''] = filling.text.split('\n', 1);
  if (!free || !line) return filling;
  const press = withWords(filling.press, free.name, line);
  const answer = await room.inbound.press({ who: senderOf(room, arrived), press, requestId: requestIdOf(arrived) });
  return answer.kind === 'form' ? { ...filling, press, card: answer.card } : filling;
}

/** The form itself is the answer; the same words answer it as before. */
function askBack({ card, press, words }: Filling, say: string): Result {
  return {
    worked: applied(`asked back: ${say}`),
    answer: { lead: [say], card: { ...card, actions: [] }, view: press, words },
  };
}

/** Hands on what was written as an answer to the card's thing. */
export async function say(room: MailTools, arrived: Arrived): Promise<Result> {
  const text = bodyOf(arrived.mail.body);
  if (!text && !arrived.mail.files.length) return { worked: quarantined('the mail says nothing') };
  const answer = await room.inbound.say({ ...sayingOf(room, arrived), requestId: requestIdOf(arrived), text });
  if (answer.kind === 'unmatched')
    return { worked: quarantined('nobody knows where this belongs: its card takes no answers') };
  if (answer.kind === 'done') return { worked: applied(`said: ${answer.card.fallback}`) };
  return resultOf(answer, 'your answer');
}

/** Turns the hub's answer into how the mail ended and what its writer is told. */
function resultOf(answer: Answer, word: string): Result {
  switch (answer.kind) {
    case 'done':
      return {
        worked: applied(`${word}: ${answer.card.fallback}`),
        answer: { lead: [`Done, as you asked with ${word}.`], card: answer.card },
        courtesy: true,
      };
    case 'card':
    case 'form':
      return { worked: applied(`${word}: shown ${answer.card.title}`), answer: { lead: [], card: answer.card } };
    case 'stale':
      return {
        worked: applied(`${word}: answered an old mail; nothing was changed, and the sender was told`),
        answer: { lead: [answer.say, ...answer.changes], card: answer.card },
      };
    case 'refused':
      // Not a refusal of what was asked: it is tried again.
      if (answer.code === 'unavailable' || answer.code === 'rate_limited')
        throw new DomainError('unavailable', answer.say);
      return refused(word, answer.say, answer.card);
    case 'invalid':
      return refused(word, answer.say, null);
    case 'not-linked':
      return { worked: quarantined('nobody is linked to the sender any more') };
  }
}

function refused(word: string, say: string, card: Card | null): Result {
  return { worked: quarantined(`${word} was refused: ${say}`), answer: { lead: [`Nothing was done: ${say}`], card } };
}
