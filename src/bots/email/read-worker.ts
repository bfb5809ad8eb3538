import { parentPort } from 'node:worker_threads';
import { simpleParser } from 'mailparser';
import { foldAnswer } from './fold.ts';
import { LIMITS } from './limits.ts';
import type { FromWorker, Opened, ToWorker } from './read.ts';

// Parsers of mail can be made to work for minutes on a few megabytes. This thread can be ended; the process cannot.
parentPort?.on('message', ({ id, raw }: ToWorker) => {
  const tell = (message: FromWorker) => parentPort?.postMessage(message);
  open(Buffer.from(raw)).then(
    (mail) => {
      tell({ id, step: 'opened', mail });
      tell({ id, step: 'folded', folded: foldAnswer(mail.text) });
    },
    (error: unknown) => tell({ id, step: 'failed', reason: error instanceof Error ? error.message : String(error) }),
  );
});

/** Neither links nor images are looked at, and HTML is not turned into text unless there is no text. */
const OPTIONS = {
  skipTextToHtml: true,
  skipHtmlToText: true,
  skipTextLinks: true,
  skipImageLinks: true,
  keepCidLinks: true,
  keepDeliveryStatus: true,
};

async function open(raw: Buffer): Promise<Opened> {
  const mail = await simpleParser(raw, OPTIONS);
  const report = mail.attachments.find((one) => one.contentType === 'message/delivery-status');
  const files = mail.attachments.filter((one) => !one.related && !one.contentType.startsWith('message/delivery'));
  return {
    subject: mail.subject ?? '',
    text: mail.text?.trim() ? mail.text : await textOfHtml(mail.html || ''),
    files: files.map((one) => one.filename ?? one.contentType),
    deliveryStatus: report ? report.content.toString('utf8').slice(0, LIMITS.foldCharacters) : null,
  };
}

async function textOfHtml(html: string): Promise<string> {
  if (!html.trim()) return '';
  const part = html.slice(0, LIMITS.htmlCharacters);
  const { skipHtmlToText: _, ...options } = OPTIONS;
  try {
    return (await simpleParser(`Content-Type: text/html; charset=utf-8\r\n\r\n${part}`, options)).text ?? '';
  } catch {
    // Nested too deeply for the library: what stands between the tags is better than nothing.
    return part.replaceAll(/<[^<>]*>/g, ' ');
  }
}
