import { z } from 'zod';
import { sentFiles } from './files.ts';

// Most characters: a mail's quoted history is often much longer than what was written.
const QUOTED = 200_000;

/** What the database cannot hold (NUL, half of a surrogate pair) is taken out, not refused: it is nobody's words. */
const text = z.string('is needed').overwrite((words) => words.toWellFormed().replaceAll('\0', '').trim());

/** What a channel knows of something that was said, beside its words. */
export const said = {
  quoted: text
    .max(QUOTED, `may have at most ${QUOTED} characters`)
    .transform((words) => words || undefined)
    .optional(),
  /** The files of the mail it came by. */
  files: sentFiles,
  /** The room in whose thread it was written: it stands there already and is not announced there again. */
  saidIn: z.uuid('is not a room').optional(),
};
