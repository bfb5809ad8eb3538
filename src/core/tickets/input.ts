import type { ZodType } from 'zod';
import { z } from 'zod';
import { sentFiles } from '../conversations/index.ts';
import { oneLine } from '../kernel/text.ts';
import { PRIORITIES } from './ticket.ts';

// Most characters: a title fits a mail subject, a text fits what Jira takes as a description (32,767).
const TITLE = 200;
const TEXT = 30_000;
// A mail's quoted history is often much longer than what was written.
const QUOTED = 200_000;
const LINKS = 10;

/** What the database cannot hold (NUL, half of a surrogate pair) is taken out, not refused: it is nobody's words. */
function clean(text: string): string {
  return text.toWellFormed().replaceAll('\0', '').trim();
}

function words(most: number, least = 1, written: (text: string) => string = clean): ZodType<string> {
  return z
    .string('is needed')
    .overwrite(written)
    .min(least, least === 1 ? 'is needed' : `needs at least ${least} characters`)
    .max(most, `may have at most ${most} characters`);
}

/** Words that stand on one line: in a list, in a mail's subject. */
function line(least = 1): ZodType<string> {
  return words(TITLE, least, (text) => oneLine(clean(text)));
}

/** Forms send empty fields as empty strings: they count as absent. */
function optional<T>(schema: ZodType<T>) {
  return z
    .preprocess((value) => (typeof value === 'string' && clean(value) === '' ? undefined : value), schema.optional())
    .optional();
}

/** In an edit, absent keeps what is there and an emptied field clears it. */
function clearable<T>(schema: ZodType<T>) {
  return z
    .preprocess((value) => (typeof value === 'string' && clean(value) === '' ? null : value), schema.nullable())
    .optional();
}

const Day = z.iso.date('is not a date; write it like 2026-11-27');
const Priority = z.enum(PRIORITIES, 'must be low, normal, high or urgent');

const Links = z
  .string('must be text, one link per line')
  .transform((text) => text.split(/\s+/).map(clean).filter(Boolean))
  .pipe(
    z
      .array(z.url({ protocol: /^https?$/, error: 'must be web addresses (https://…), one per line' }))
      .max(LINKS, `may be at most ${LINKS}`),
  );

const filed = {
  project: z.uuid('choose a project'),
  title: line(3),
  description: words(TEXT, 5),
  links: optional(Links),
  priority: optional(Priority),
};

export const FileBug = z.strictObject({
  ...filed,
  expected: optional(words(TEXT)),
  steps: optional(words(TEXT)),
});

export const FileChange = z.strictObject({ ...filed, due: optional(Day) });

const ticket = z.uuid('is not a ticket');
/** The version that was on the screen. */
const version = z.coerce.number('is needed').int('is not a version');

/** A title that somebody began to write where there was no field for it; the form shows it and asks for the rest. */
export const ProposedTitle = z.string().transform((text) => oneLine(clean(text)).slice(0, TITLE).toWellFormed());

export const OnTicket = z.strictObject({ ticket });
export const OnVersion = z.strictObject({ ticket, version });
export const OnTicketOrVersion = z.strictObject({ ticket, version: optional(version) });
export const Decline = z.strictObject({ ticket, version, reason: words(TEXT) });
export const Ask = z.strictObject({ ticket, version, question: words(TEXT) });

/** Another ticket, by its number (12 or #12) or its id. */
const TicketName = z
  .string('is needed')
  .transform(clean)
  .pipe(z.union([z.uuid(), z.string().regex(/^#?\d{1,15}$/)], 'write a ticket number, like 12'))
  .transform((name) =>
    name.includes('-') ? { id: name, number: null } : { id: null, number: Number(name.replace('#', '')) },
  );

export const MarkDuplicate = z.strictObject({ ticket, version, of: TicketName });

/** What is said about a ticket. `byName` is for connectors: who wrote it over there. */
export const Saying = z.strictObject({
  ticket,
  body: words(TEXT),
  quoted: optional(words(QUOTED)),
  byName: optional(line()),
  /** The files of the mail it came by. */
  files: sentFiles,
  /** The room in whose thread it was written: it stands there already and is not announced there again. */
  saidIn: optional(z.uuid('is not a room')),
});

export const Progress = z.strictObject({
  ticket,
  status: z.enum(['in_progress', 'resolved'], 'must be in_progress or resolved'),
  version: optional(version),
});

export const SetDetails = z.strictObject({
  ticket,
  version,
  priority: optional(Priority),
  category: clearable(line()),
  due_on: clearable(Day),
  next_action: clearable(line()),
  /** Set by the form, which shows all of them: chat platforms do not send a field that was emptied. */
  whole: z.literal('yes').optional(),
});

export const Page = z.coerce.number().int().min(0).default(0);
