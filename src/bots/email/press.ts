import type { Answer } from '../../core/kernel/answer.ts';
import type { Card, Field, Press } from '../../core/kernel/card.ts';
import { decodePress, formOf, withWords } from '../../core/kernel/card.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import type { Arrived, Result } from './arrived.ts';
import { applied, quarantined, requestIdOf, sayingOf, senderOf } from './arrived.ts';
import type { Mailroom } from './mailroom.ts';
import { bodyOf } from './said.ts';
import type { FirstWord, ShownWords } from './words.ts';

/** Presses the button that the mail's first word stands for; what is written behind the word goes into its form. */
export async function pressWord(
  room: Mailroom,
  arrived: Arrived,
  words: ShownWords,
  first: Exclude<FirstWord, { kind: 'none' }>,
): Promise<Result> {
  const { word } = first;
  if (first.kind === 'unclear') return askWhatIsMeant(await say(room, arrived), word, words);
  const press = decodePress(words[word] ?? '');
  if (!press) return say(room, arrived);
  const answer = await room.inbound.press({ who: senderOf(room, arrived), press, requestId: requestIdOf(arrived) });
  if (answer.kind === 'form') return fill(room, arrived, { words, word, press, card: answer.card, text: first.rest });
  if (answer.kind === 'done' && first.rest) await sayTheRest(room, arrived, first.rest);
  return resultOf(answer, word);
}

/** "APPROVE once the header is mended": nothing is pressed, the sentence is kept, and its writer is asked. */
function askWhatIsMeant(result: Result, word: string, words: ShownWords): Result {
  const lead = `Your mail begins with ${word} but says more on that line, so nothing was pressed. If you mean it, answer with ${word} alone on the first line.`;
  return { ...result, answer: { lead: [lead], card: null, words } };
}

/** Below the word of a button that takes no text somebody may still have written something: it is said as well. */
async function sayTheRest(room: Mailroom, arrived: Arrived, rest: string): Promise<void> {
  const text = bodyOf(rest, arrived.mail.files);
  await room.inbound.say({ ...sayingOf(room, arrived), requestId: `${requestIdOf(arrived)}:text`, text });
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
async function fill(room: Mailroom, arrived: Arrived, filling: Filling): Promise<Result> {
  const { word, card, text } = filling;
  const form = formOf(card);
  const open = form?.fields.filter((field) => field.required && field.value === undefined) ?? [];
  const free = open.find((field) => field.kind === 'text');
  if (!form || open.some((field) => field !== free))
    return askBack(
      await begun(room, arrived, filling, free),
      `${word} needs more than a mail can say. Please fill in the form.`,
    );
  if (free && !text)
    return askBack(
      filling,
      `Nothing was done yet: “${free.label}” is missing. Write it behind the word, like: ${word} <your words>. Or fill in the form.`,
    );
  const given = Object.fromEntries(
    form.fields.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
  );
  const typed = free ? { [free.name]: bodyOf(text, arrived.mail.files) } : {};
  const answer = await room.inbound.press({
    who: senderOf(room, arrived),
    press: form.submit.press,
    requestId: requestIdOf(arrived),
    form: { ...given, ...typed },
  });
  return answer.kind === 'invalid' ? askBack(filling, `Nothing was done: ${answer.say}`) : resultOf(answer, word);
}

/** The form with the line that was written already, where its view takes one; else as it is. */
async function begun(room: Mailroom, arrived: Arrived, filling: Filling, free: Field | undefined): Promise<Filling> {
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
export async function say(room: Mailroom, arrived: Arrived): Promise<Result> {
  const text = bodyOf(arrived.mail.body, arrived.mail.files);
  if (!text) return { worked: quarantined('the mail says nothing') };
  const answer = await room.inbound.say({ ...sayingOf(room, arrived), requestId: requestIdOf(arrived), text });
  if (answer.kind === 'unmatched')
    return { worked: quarantined('nobody knows where this belongs: its card takes no answers') };
  if (answer.kind === 'done') return { worked: applied(`said: ${answer.card.fallback}`) };
  return resultOf(answer, 'your answer');
}

/** Turns the house's answer into how the mail ended and what its writer is told. */
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
