import { simpleParser } from 'mailparser';

/** A file that came with a mail. */
export interface Attachment {
  name: string;
  /** In bytes. */
  size: number;
  content: Buffer;
}

/** The files of a stored mail, in its order; their names are the sender's and are no paths. */
export async function attachmentsOf(raw: Buffer): Promise<Attachment[]> {
  const { attachments } = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
  return attachments.map(({ filename, contentType, content }) => ({
    name: (filename ?? contentType).replaceAll(/[\p{C}/\\]+/gu, '_').slice(0, 200),
    size: content.length,
    content,
  }));
}
