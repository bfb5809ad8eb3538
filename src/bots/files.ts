import type { App } from '../core/kernel/registry.ts';

/** What came with a mail: the delivery of the inbox that keeps it, and what the files are, in their order there. */
export interface CameWith {
  mail: string;
  list: { name: string; size: number; type: string }[];
}

/** Files that are named one by one. */
const MOST = 100;

/**
 * A text and the files that came with it, as a command takes them. One that does not know of files, or of so many, is told
 * of them in the text: nothing that somebody sent may end unseen.
 */
export function withFiles(
  app: App,
  target: string,
  text: string,
  files: CameWith | undefined,
): { text: string; known: Record<string, string> } {
  if (!files?.list.length) return { text, known: {} };
  const takes = app.registry.commands.get(target)?.known?.includes('files') ?? false;
  const left = takes ? files.list.slice(MOST) : files.list;
  const list = files.list.slice(0, MOST);
  const words = text || (takes ? '(no words, only files)' : '');
  return {
    text: left.length ? [words, noteOf(left, takes)].filter(Boolean).join('\n\n') : words,
    known: takes ? { files: JSON.stringify({ mail: files.mail, list }) } : {},
  };
}

/** Names that stand in a text. */
const NAMED = 20;

function noteOf(files: CameWith['list'], isRest: boolean): string {
  const names = files.slice(0, NAMED).map(({ name }) => name.slice(0, 100).toWellFormed());
  const more = files.length > NAMED ? ', …' : '';
  const count = files.length === 1 ? '1 file was' : `${files.length} ${isRest ? 'more ' : ''}files were`;
  return `(${count} attached: ${names.join(', ')}${more} – kept with the original mail)`;
}
