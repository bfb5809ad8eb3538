import EmailReplyParser from 'email-reply-parser';
import { simpleParser } from 'mailparser';
import type { MailReader } from '../src/bots/email/read.ts';

/** What a reader made of a mail. `quoted` is null where it deletes what it does not show. */
interface Reading {
  body: string;
  quoted: string | null;
}

/** The readers that are compared: ours, and the two that are the least we must reach. */
export function readersOf(
  ours: MailReader,
  planer: (text: string) => string,
): Readonly<Record<string, (raw: Buffer) => Promise<Reading>>> {
  return {
    parley: async (raw) => ours(raw),
    'email-reply-parser': async (raw) => {
      const email = new EmailReplyParser().read(await textOf(raw));
      const hidden = email.getFragments().filter((fragment) => fragment.isHidden());
      return { body: email.getVisibleText(), quoted: hidden.map((fragment) => fragment.getContent()).join('\n') };
    },
    planer: async (raw) => ({ body: planer(await textOf(raw)), quoted: null }),
  };
}

async function textOf(raw: Buffer): Promise<string> {
  return (await simpleParser(raw, { skipTextToHtml: true, skipImageLinks: true })).text ?? '';
}

/** A mail's own words, and words that are none of its writer's. */
export interface Expected {
  own: readonly string[];
  foreign: readonly string[];
}

export interface Score {
  /** All that was written is shown. */
  whole: boolean;
  /** Nothing else is. */
  clean: boolean;
  /** All of both is still there. */
  lossless: boolean;
}

export function scoreOf({ body, quoted }: Reading, { own, foreign }: Expected): Score {
  const [shown, all] = [squeezed(body), squeezed(`${body}\n${quoted ?? ''}`)];
  return {
    whole: own.every((line) => shown.includes(squeezed(line))),
    clean: foreign.every((line) => !shown.includes(squeezed(line))),
    lossless: [...own, ...foreign.filter((line) => line !== 'hub@northwind.example')].every((line) =>
      all.includes(squeezed(line)),
    ),
  };
}

/** Programs wrap and indent lines, and write a line of dashes their own way. */
function squeezed(text: string): string {
  return text.replaceAll(/[\s>]+/g, '');
}
