import { z } from 'zod';
import type { Controls } from './server.ts';
import { MAIL } from './stand-ins.ts';
import type { World } from './world.ts';

const MOST = 120;

/** Everybody's mails as the page lists them; the HTML part is fetched into its frame. */
export function mailPart({ mail }: World): unknown {
  return mail
    .mails()
    .slice(-MOST)
    .map(({ id, mailbox, direction, at, from, fromName, to, subject, text, html }) => ({
      id,
      mailbox,
      direction,
      at,
      fromName: fromName || from,
      to,
      subject,
      text,
      html: html !== null,
      bot: from === MAIL.from,
    }));
}

/** The HTML part of one mail. */
export function mailHtml({ mail }: World, id: string): string | null {
  return mail.mails().find((one) => one.id === id)?.html ?? null;
}

const Reply = z.object({ mailbox: z.email(), mailId: z.string(), text: z.string().min(1) });

/** What people do in their mail program. An answer quotes the mail below it, as mail programs do. */
export function mailActs({ mail }: World): Controls['acts'] {
  return {
    'mail-reply': async (given) => {
      const { mailbox, mailId, text } = Reply.parse(given);
      await mail.reply(mailbox, mailId, text, { quote: true });
    },
  };
}
