import { z } from 'zod';
import { dayText } from '../kernel/dates.ts';
import { DomainError } from '../kernel/errors.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import { oneLine } from '../kernel/text.ts';

const Deliverable = z.strictObject({
  title: z.string().describe('What is delivered'),
  detail: z.string().exactOptional().describe('More about it'),
});
export type Deliverable = z.infer<typeof Deliverable>;

/** What the two sides sign. Dates are calendar days (YYYY-MM-DD); neither side's time zone changes them. */
export const Content = z.strictObject({
  name: z.string().describe('What the cycle is called'),
  startsOn: z.string().describe('Its first day, like 2026-11-02'),
  endsOn: z.string().describe('Its last day'),
  deliverables: z.array(Deliverable).describe('What the client gets'),
});
export type Content = z.infer<typeof Content>;

/** One difference between two contents. A list shows the mark as a word; elsewhere `changeLine` writes it out. */
export interface Change {
  mark: 'added' | 'removed' | 'changed';
  text: string;
}

/** A difference as a short line for people. */
export function changeLine({ mark, text }: Change): string {
  switch (mark) {
    case 'added':
      return `Added: ${text}`;
    case 'removed':
      return `Removed: ${text}`;
    case 'changed':
      return text;
  }
}

/** Slack's inputs hold 3,000 characters: what can be written can also be edited there. */
const MAX_DELIVERABLES_TEXT = 3000;

/** One line of plain text, the same bytes for hash, database and screen: no control characters, composed letters. */
const Line = z.string().transform((text) => oneLine(text.toWellFormed().replaceAll('\0', ' ').normalize('NFC')));

/** What somebody writes about a dispute: several lines are fine, one word is too little to act on. */
export const words = (label: string) => Words.meta({ label, multiline: true, most: WORDS });

const WORDS = 3_000;
const Words = z
  .string()
  .transform((text) =>
    text
      .toWellFormed()
      .replaceAll(/[^\P{Cc}\n\t]/gu, '')
      .trim(),
  )
  .pipe(
    z.string().min(3, 'is needed: a few words say what it is about').max(WORDS, `may have at most ${WORDS} characters`),
  );

/** A day in this century or the next: further away is a typing mistake. */
const Day = z.iso.date('is a day like 2026-11-27').regex(/^2[01]/, 'is not a year we plan in');

const Deliverables = z
  .string()
  .max(MAX_DELIVERABLES_TEXT, `may have at most ${MAX_DELIVERABLES_TEXT} characters`)
  .transform(readDeliverables)
  .refine((list) => list.length > 0, 'name at least one deliverable, one in each line')
  .refine((list) => list.length <= 40, 'may have at most 40 lines')
  .refine((list) => list.every(({ title }) => title.length <= 200), 'a title may have at most 200 characters')
  .refine((list) => new Set(list.map(({ title }) => title)).size === list.length, 'two lines have the same title')
  .meta({
    label: 'Deliverables',
    placeholder: 'Basket page — desktop and mobile',
    hint: 'One in each line. What comes after a dash is the detail.',
    multiline: true,
    most: MAX_DELIVERABLES_TEXT,
  });

const NAME = 120;

/** The fields in which people write a content; forms give strings. */
export const contentFields = {
  name: Line.pipe(z.string().min(1, 'is needed').max(NAME, `may have at most ${NAME} characters`)).meta({
    label: 'Name',
    placeholder: 'Checkout redesign',
    most: NAME,
  }),
  startsOn: Day.meta({ label: 'First day', day: true }),
  endsOn: Day.meta({ label: 'Last day', day: true }),
  deliverables: Deliverables,
};

/** @throws DomainError invalid, beside the field, for a content that would end before it starts */
export function requireOrder({ startsOn, endsOn }: Pick<Content, 'startsOn' | 'endsOn'>): void {
  const fault = 'must not be before the start';
  if (endsOn < startsOn)
    throw new DomainError('invalid', `Please check: endsOn: ${fault}`, { fields: { endsOn: fault } });
}

/** Reads one deliverable per line, "Title — detail"; a hyphen between spaces counts as a dash, bullets are dropped. */
export function readDeliverables(text: string): Deliverable[] {
  return text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => Line.parse(line).replace(/^(?:[-*•] )+/, ''))
    .filter((line) => line !== '')
    .map((line) => {
      const [title = '', ...detail] = line.split(/ (?=[-–—]{1,2} )/);
      return detail.length ? { title, detail: detail.join(' ').replace(/^[-–—]{1,2} /, '') } : { title };
    });
}

/** Writes deliverables the way `readDeliverables` reads them. */
export function writeDeliverables(deliverables: readonly Deliverable[]): string {
  return deliverables.map(({ title, detail }) => (detail ? `${title} — ${detail}` : title)).join('\n');
}

/** The fingerprint that an approval is bound to. */
export function contentHash(content: Content): string {
  return fingerprint(content);
}

/** What is different in `after`; empty exactly when both have the same hash. */
export function diffContent(before: Content, after: Content): Change[] {
  return [
    ...changed('Name', before.name, after.name),
    ...changed('Starts on', dayText(before.startsOn), dayText(after.startsOn)),
    ...changed('Ends on', dayText(before.endsOn), dayText(after.endsOn)),
    ...diffDeliverables(before.deliverables, after.deliverables),
  ];
}

function changed(label: string, before: string, after: string): Change[] {
  return before === after ? [] : [{ mark: 'changed', text: `${label}: ${before} → ${after}` }];
}

function diffDeliverables(before: readonly Deliverable[], after: readonly Deliverable[]): Change[] {
  const old = new Map(before.map((one) => [one.title, one]));
  const now = new Map(after.map((one) => [one.title, one]));
  const kept = after.filter(({ title }) => old.has(title)).map(({ title }) => title);
  const keptBefore = before.filter(({ title }) => now.has(title)).map(({ title }) => title);
  const added: Change[] = after
    .filter(({ title }) => !old.has(title))
    .map(({ title }) => ({ mark: 'added', text: title }));
  const removed: Change[] = before
    .filter(({ title }) => !now.has(title))
    .map(({ title }) => ({ mark: 'removed', text: title }));
  return [
    ...added,
    ...removed,
    ...kept.flatMap((title) => changedDetail(title, old.get(title)?.detail, now.get(title)?.detail)),
    ...(kept.join('\n') === keptBefore.join('\n')
      ? []
      : [{ mark: 'changed' as const, text: 'The order of the deliverables' }]),
  ];
}

function changedDetail(title: string, before: string | undefined, after: string | undefined): Change[] {
  if (before === after) return [];
  return [{ mark: 'changed', text: `${title} — ${before ?? 'no detail'} → ${after ?? 'no detail'}` }];
}
