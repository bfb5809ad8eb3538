import type { Block } from '../kernel/card.ts';
import { fileBlocks, fileRefs, textWithFiles } from './files.ts';
import type { Message } from './message.ts';
import type { Thread } from './queries.ts';
import { COUNTED } from './queries.ts';

/** More of a message than this stands in the message itself and behind "Earlier…". */
const SHORT = 500;

/** Writes an instant for the reader. */
export type When = (at: Date) => string;

/** The last of what was said, as a part of the thing's card. */
export function conversation({ messages, earlier }: Thread, when: When): Block[] {
  if (!messages.length) return [];
  return [
    ...(earlier ? [{ kind: 'text' as const, text: `and ${countOf(earlier)} earlier`, subtle: true }] : []),
    { kind: 'timeline', title: 'Conversation', items: items(messages, when, SHORT) },
  ];
}

function countOf(earlier: number): string {
  return earlier > COUNTED ? `more than ${COUNTED}` : String(earlier);
}

/** A page of the conversation in full, oldest first. */
export function wholeConversation(messages: readonly Message[], when: When): Block {
  return { kind: 'timeline', items: items(messages, when, Infinity) };
}

function items(messages: readonly Message[], when: When, most: number) {
  return messages.map((message) => ({
    at: when(message.at),
    who: message.byName,
    text: textIn(message, most),
    ...(message.internal ? { internal: true } : {}),
    ...(message.files ? { files: fileRefs(message) } : {}),
  }));
}

/** A message's text up to so many characters, and the names of its files. */
function textIn({ body, files }: Pick<Message, 'body' | 'files'>, most: number): string {
  return textWithFiles(body.length > most ? `${body.slice(0, most).toWellFormed()}…` : body, files);
}

/** One message in full, with a line below that says where it belongs. */
export function messageBlocks(message: Message, withQuoted: boolean, when: When, where: string): Block[] {
  const { quoted, internal } = message;
  const below = [
    when(message.at),
    where,
    ...(internal ? ['only the team sees this'] : []),
    ...(quoted !== null && !withQuoted ? ['earlier mail is folded away'] : []),
  ];
  return [
    { kind: 'text', text: message.body },
    ...(quoted !== null && withQuoted ? [{ kind: 'text' as const, text: quoted, subtle: true }] : []),
    ...fileBlocks(message),
    { kind: 'text', text: below.join(' · '), subtle: true },
  ];
}
