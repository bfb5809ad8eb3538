import { z } from 'zod';
import type { Action, Block, FileRef } from '../kernel/card.ts';
import { fileName, sizeText } from '../kernel/text.ts';
import type { Drawing } from '../kernel/view.ts';
import { wayTo } from '../kernel/view.ts';

/** More than this many files of one mail are not named one by one; the mail keeps them all. */
const MOST = 100;

const SentFile = z.strictObject({
  name: z.string().transform(fileName),
  /** In bytes. */
  size: z.number().int().min(0),
  /** As the mail declares it. */
  type: z
    .string()
    .transform((type) =>
      /^[\w.+-]{1,80}\/[\w.+-]{1,80}$/.test(type) ? type.toLowerCase() : 'application/octet-stream',
    ),
});
const SentFiles = z.strictObject({ mail: z.uuid(), list: z.array(SentFile).min(1).max(MOST) });

/** The files that came with a message: the delivery of the inbox that keeps them, and what they are, in their order there. */
export type SentFiles = z.infer<typeof SentFiles>;

/** The same, as a view says it. */
export const KeptFiles = z.strictObject({
  mail: z.uuid().describe('The mail that they came with'),
  list: z
    .array(
      z.strictObject({
        name: z.string().describe('What the file is called'),
        size: z.int().describe('In bytes'),
        type: z.string().describe('As the mail declares it, like application/pdf'),
      }),
    )
    .describe('The files, in their order in the mail'),
});

/** The input of a command that takes them, as JSON: whichever channel read the mail says it, nobody else. */
export const sentFiles = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'are not readable' });
      return z.NEVER;
    }
  })
  .pipe(SentFiles)
  .optional();

/** What a message's cards need to know of it. */
interface WithFiles {
  id: string;
  files: SentFiles | null;
}

/** Reads the two columns of a message. */
export function filesOf(mail: string | null, list: unknown): SentFiles | null {
  return mail === null ? null : { mail, list: list as SentFiles['list'] };
}

/** The files as a card refers to them. */
export function fileRefs({ id, files }: WithFiles): FileRef[] {
  return (files?.list ?? []).map((file, index) => ({
    ...file,
    mail: files?.mail ?? '',
    message: id,
    number: index + 1,
  }));
}

/** Names of files that a line of a conversation shows. */
const NAMED = 3;

/** The text of a message in a conversation, below a line that names its files: where a long text is cut, the line stays. */
export function textWithFiles(text: string, files: SentFiles | null): string {
  if (!files) return text;
  const { list } = files;
  const named = list.slice(0, NAMED).map(({ name, size }) => `${name} (${sizeText(size)})`);
  const more = list.length > NAMED ? ` and ${list.length - NAMED} more` : '';
  return `[${counted(list.length)}: ${named.join(', ')}${more}]\n${text}`;
}

/** The files below a message: each by name and size, and where they are. */
export function fileBlocks(message: WithFiles): Block[] {
  const refs = fileRefs(message);
  if (!refs.length) return [];
  const items = refs.map((file) => ({ text: file.name, detail: sizeText(file.size), file }));
  const where = `${counted(refs.length)} came by mail. The page behind a link of Parley hands them out; they are not scanned.`;
  return [
    { kind: 'list', title: 'Files', items },
    { kind: 'text', text: where, subtle: true },
  ];
}

/** How to get to them: the person's own page of the message, and in a room the button that shows each person theirs. */
export function fileActions(message: WithFiles, target: string, drawing: Drawing): Action[] {
  const { actor } = drawing;
  // A mail's own links, and the page itself, lead there already.
  if (!message.files || (actor.kind === 'person' && actor.channel === 'email')) return [];
  const press = { target, input: { message: message.id } };
  return [wayTo(press, { label: 'Files', word: 'FILES', onPage: 'Get the files' }, drawing)];
}

function counted(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}
