import { parentPort } from 'node:worker_threads';
import { simpleParser } from 'mailparser';
import { attachedTo } from './attachments.ts';
import { unflowed, withoutFlow } from './flowed.ts';
import type { Folded } from './fold.ts';
import { foldAnswer, foldByLines } from './fold.ts';
import type { HtmlText } from './html-text.ts';
import { readHtml } from './html-text.ts';
import { LIMITS } from './limits.ts';
import type { FromWorker, Opened, ToWorker } from './read.ts';
import { LOADED } from './thread.ts';

// Parsers of mail can be made to work for minutes on a few megabytes. This thread can be ended; the process cannot.
parentPort?.on('message', ({ id, raw }: ToWorker) => {
  const tell = (message: FromWorker) => parentPort?.postMessage(message);
  open(Buffer.from(raw)).then(
    ({ mail, html }) => {
      tell({ id, step: 'opened', mail });
      tell({ id, step: 'folded', folded: seen(foldAnswer(mail.text), html) });
    },
    (error: unknown) => tell({ id, step: 'failed', reason: error instanceof Error ? error.message : String(error) }),
  );
});
parentPort?.postMessage(LOADED);

/** Neither links nor images are looked at, and the library turns no HTML into text: it cannot tell what is hidden or quoted. */
const OPTIONS = {
  skipTextToHtml: true,
  skipHtmlToText: true,
  skipTextLinks: true,
  skipImageLinks: true,
  keepCidLinks: true,
  keepDeliveryStatus: true,
};

async function open(raw: Buffer): Promise<{ mail: Opened; html: HtmlText | null }> {
  const { bytes, flowed } = withoutFlow(raw);
  const mail = await simpleParser(bytes, OPTIONS);
  const report = mail.attachments.find((one) => one.contentType === 'message/delivery-status');
  const source = mail.html || '';
  const html = source.trim() ? readHtml(source.slice(0, LIMITS.htmlCharacters)) : null;
  const text = mail.text?.trim() ? (flowed ? unflowed(mail.text) : mail.text) : (html?.text ?? '');
  const opened = {
    subject: mail.subject ?? '',
    text,
    unseen: html?.hidden ?? '',
    files: attachedTo(mail).files.map(({ name, size, type }) => ({ name, size, type })),
    deliveryStatus: report ? report.content.toString('utf8').slice(0, LIMITS.foldCharacters) : null,
  };
  return { mail: opened, html };
}

/**
 * A word may only press what could be seen: where a mail says the same as text and as HTML, both must begin with the same
 * line.
 */
function seen(folded: Folded, html: HtmlText | null): Folded {
  if (!html) return folded;
  const shown = foldByLines(html.text);
  const clear = folded.clear && html.clear && shown.clear && firstLine(folded.body) === firstLine(shown.body);
  return { ...folded, clear };
}

function firstLine(text: string): string {
  const line = text.split('\n').find((one) => one.trim()) ?? '';
  return line.replaceAll(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}
