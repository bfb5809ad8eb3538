import type { Response } from 'express';
import type { FileRef, Press } from '../core/kernel/card.ts';
import { filesOn } from '../core/kernel/card.ts';
import { DomainError } from '../core/kernel/errors.ts';
import { handedOutAs } from '../core/kernel/file-type.ts';
import { handOutFile } from '../core/kernel/hand-out.ts';
import { html } from '../core/kernel/html.ts';
import type { KeptDelivery } from '../core/kernel/inbox-read.ts';
import { readBody, readDelivery } from '../core/kernel/inbox-read.ts';
import { makeFile } from '../core/kernel/registry.ts';
import type { Reader } from './link.ts';
import { cardFor, orNull } from './link.ts';
import { sendPage } from './page.ts';
import type { Portal } from './portal.ts';

const NOT_THERE = 'This file is not there';

/** Hands out a file of a message to whoever may read the message: it is shown to them first, and the file is on that card. */
export async function handOut(portal: Portal, response: Response, reader: Reader, place: Place): Promise<void> {
  const file = await fileFor(portal, reader, place);
  if (!file) return say(portal, response, reader, 404, NOT_THERE, 'It does not exist, or it is not for you.');
  const kept = await mailOf(portal, reader, file.mail);
  if (!kept?.bytes)
    return say(
      portal,
      response,
      reader,
      410,
      'This file is not kept any more',
      'The mail it came with was removed when its time was over. Please ask whoever sent it for a new one.',
    );
  if (kept.kind === 'stub')
    return say(
      portal,
      response,
      reader,
      410,
      'This file is too large',
      'Of a mail above 25 MB only the beginning is kept here. The whole mail is in the mailbox it was sent to.',
    );
  const found = await portal
    .readFile(() => readBody(portal.app, reader.person.tenantId, file.mail), file.number)
    .catch((error: unknown) => {
      portal.app.log.warn({ err: error, mail: file.mail }, 'a file could not be taken out of its mail');
      return null;
    });
  if (!found)
    return say(
      portal,
      response,
      reader,
      503,
      'This file cannot be read just now',
      'Please try again in a minute. If it stays like this, ask whoever sent it for a new one.',
    );
  const { content } = found;
  const type = handedOutAs(file.type);
  await handOutFile(portal.app.log, response, { name: file.name, type, content, size: content.length });
}

/** Hands out the file that a view is, to whoever the view is shown to. */
export async function handOutMade(portal: Portal, response: Response, reader: Reader, press: Press): Promise<void> {
  const { app } = portal;
  const file = await orNull(makeFile(app, reader.who, press)).catch((error: unknown) => {
    if (!(error instanceof DomainError) || error.detail.unknown) throw error;
    if (error.code === 'unavailable') app.log.warn({ err: error }, 'a file could not be handed out');
    return error;
  });
  if (!file) return say(portal, response, reader, 404, NOT_THERE, 'It does not exist, or it is not for you.');
  if (file instanceof DomainError)
    return say(portal, response, reader, 503, 'This file is not handed out just now', file.say);
  await handOutFile(app.log, response, file);
}

/** Which file is asked for. */
interface Place {
  message: string;
  number: string;
}

/** The file as the card of its message shows it to the holder of the link; null when they may not read the message. */
async function fileFor({ app }: Portal, { who }: Reader, { message, number }: Place): Promise<FileRef | null> {
  for (const { message: target } of app.registry.areas) {
    const card = target ? await cardFor(app, who, { target, input: { message } }) : null;
    const file = card && filesOn(card).find((one) => one.message === message && String(one.number) === number);
    if (file) return file;
  }
  return null;
}

/**
 * What is kept of the mail that a file came with. Who may have the file was decided before: the inbox itself is nobody's to
 * read but ours.
 */
async function mailOf({ app }: Portal, { person }: Reader, id: string): Promise<KeptDelivery | null> {
  const kept = await readDelivery(app, person.tenantId, id);
  return kept?.source === 'email' ? kept : null;
}

function say({ base }: Portal, response: Response, { firm }: Reader, status: number, title: string, why: string): void {
  sendPage(response, base, { status, title, firm, main: html`<h1>${title}</h1><p>${why}</p>` });
}
