import type { Card, Press } from '../../core/kernel/card.ts';
import { encodePress } from '../../core/kernel/card.ts';
import { signLink } from '../../core/kernel/links.ts';
import type { App } from '../../core/kernel/registry.ts';
import { opensForm, shows } from '../../core/kernel/registry.ts';
import { oneLine } from '../../core/kernel/text.ts';
import { htmlOf } from './html.ts';
import type { Letter } from './letter.ts';
import { piecesOf } from './letter.ts';
import { LIMITS } from './limits.ts';
import { textOf } from './text.ts';
import { wordsOf } from './words.ts';

export interface Written {
  subject: string;
  text: string;
  html: string;
}

/** For whom a mail is written, and which posted card it belongs to. */
export interface Reader {
  tenantId: string;
  /** Null for a mailbox of nobody in particular: it gets no links that act. */
  personId: string | null;
  cardId: string;
}

/** Writes a card as a mail: the same words as text and as HTML. */
export function writeMail(
  tools: { app: App; publicUrl: string },
  reader: Reader,
  mail: { subject: string; lead: string[]; card: Card | null; view: Press | null; history: Card | null },
): Written {
  const linkTo = (press: Press) => linkOf(tools, reader, press);
  const letter: Letter = {
    ...mail,
    words: mail.card ? wordsOf(mail.card) : [],
    takesText: ({ button }) => opensForm(tools.app.registry, button.press),
    linkOf: ({ button }) => linkTo(button.press),
    formLink: mail.view && shows(tools.app.registry, mail.view) ? linkTo(mail.view) : null,
  };
  const pieces = piecesOf(letter);
  return { subject: mail.subject, text: textOf(pieces), html: htmlOf(mail.subject, pieces) };
}

/**
 * A link that presses a button, for this person, once. The same card gives the same link when it is sent again: its
 * nonce follows from card and press, and it ends with a day.
 */
function linkOf(
  { app, publicUrl }: { app: App; publicUrl: string },
  { tenantId, personId, cardId }: Reader,
  press: Press,
): string | null {
  if (!personId) return null;
  const nonce = app.secrets.sign('link-nonce', `${cardId} ${personId} ${encodePress(press)}`).slice(0, 24);
  const day = 86_400;
  const expires = (Math.floor(app.clock.now().getTime() / 1000 / day) + LIMITS.linkDays + 1) * day;
  return `${publicUrl}/l/${signLink(app.secrets, { tenantId, personId, press, nonce, expires })}`;
}

/** The subject of a thread's first mail. What its state is stands in the mail: a thread outlives it. */
export function subjectOf(card: Card): string {
  return subjectLine(card.title);
}

/** The subject of every later mail of a thread. */
export function answerSubject(root: string): string {
  return subjectLine(/^re:/i.test(root) ? root : `Re: ${root}`);
}

function subjectLine(text: string): string {
  const line = oneLine(text);
  return line.length > LIMITS.subjectCharacters
    ? `${line
        .slice(0, LIMITS.subjectCharacters - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, '')}…`
    : line;
}
