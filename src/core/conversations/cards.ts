import type { Block } from '../kernel/card.ts';
import { fileBlocks, fileRefs, textWithFiles } from './files.ts';
import type { Message } from './message.ts';
import type { Thread } from './queries.ts';

/** More of a message than this stands in the message itself and behind "Earlier…". */
const SHORT = 500;

/** Writes an instant for the reader. */
type When = (at: Date) => string;

/** The last of what was said, as a part of the thing's card. */
export function conversation(thread: Thread, when: When): Block[] {
  return thread.messages.length ? timeline(thread, when, SHORT, 'Conversation') : [];
}

/** A stretch of the conversation in full. */
export function wholeConversation(thread: Thread, when: When): Block[] {
  return thread.messages.length ? timeline(thread, when, Infinity) : [{ kind: 'text', text: 'Nothing was said here.' }];
}

function timeline({ messages, earlier }: Thread, when: When, most: number, title?: string): Block[] {
  const items = messages.map((message) => ({
    at: when(message.at),
    who: message.byName,
    text: textIn(message, most),
    ...(message.internal ? { internal: true } : {}),
    ...(message.files ? { files: fileRefs(message) } : {}),
  }));
  return [
    ...(earlier ? [{ kind: 'text' as const, text: `and ${earlier} earlier`, subtle: true }] : []),
    { kind: 'timeline', items, ...(title ? { title } : {}) },
  ];
}

/** A message's text up to so many characters, and the names of its files. */
export function textIn({ body, files }: Pick<Message, 'body' | 'files'>, most: number): string {
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
