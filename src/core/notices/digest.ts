import { z } from 'zod';
import type { Card } from '../kernel/card.ts';
import { encodePress } from '../kernel/card.ts';
import { momentText } from '../kernel/dates.ts';
import { DomainError } from '../kernel/errors.ts';
import { instant } from '../kernel/instant.ts';
import { view } from '../kernel/view.ts';
import { PREFERENCES, stopping, WHY } from './presses.ts';
import type { OwnNotice } from './queries.ts';
import { readOwn } from './queries.ts';
import { DIGEST } from './schema.ts';

/** Each stands there as its own view shows it, which is read for it; of more than these the number is said. */
const MOST = 20;

const Press = z.strictObject({ target: z.string(), input: z.record(z.string(), z.string()) });
const Item = z.strictObject({
  notice: z.uuid().describe('The notice’s id'),
  title: z.string().describe('The thing, as its card is called'),
  said: z.string().describe('How it is now, in one sentence'),
  at: instant().describe('When it was to be told'),
  view: Press.describe('What shows it'),
});
const Digest = z.strictObject({
  digest: z.uuid().nullable().describe('The digest’s id; null for what waits for the next one'),
  projects: z
    .array(
      z.strictObject({
        name: z.string().nullable().describe('The project; null for what belongs to none'),
        items: z.array(Item).describe('What happened there, the oldest first'),
      }),
    )
    .describe('By project'),
  more: z.int().describe('How many others there are'),
});

/** What waited for somebody, together: as it is now, and without what they may not see any more. */
export const showDigest = view({
  name: 'notice.digest',
  module: null,
  stops: DIGEST,
  input: z.strictObject({ digest: z.uuid().optional() }),
  output: Digest,
  read: async (context, { digest }, { draw }) => {
    const found = await readOwn(context, digest ? { digest } : { waiting: true }, MOST_READ);
    // The oldest first; what the same card would show several times stands there once, as of the last time.
    const each = [...new Map(found.toReversed().map((one) => [encodePress(one.view), one])).values()];
    const shown = each.slice(-MOST);
    const cards = await draw(shown.map((one) => one.view));
    const items = shown.flatMap((one, index) => {
      const card = cards[index];
      return card ? [itemOf(one, card)] : [];
    });
    // A digest in which nothing would stand is not there, and so it is not sent.
    if (digest && !items.length)
      throw new DomainError('not_found', 'There is nothing in this digest for you any more.');
    const byProject = Map.groupBy(items, ({ project }) => project);
    const projects = [...byProject]
      .map(([name, some]) => ({ name, items: some.map(({ project: _project, ...item }) => item) }))
      .sort((one, other) => Number(one.name === null) - Number(other.name === null) || compare(one.name, other.name));
    return { digest: digest ?? null, projects, more: each.length - shown.length };
  },
  card: (data, { newId, actor }) => digestCard(data.digest ?? newId(), data, actor.timezone),
});

/** Rows that are looked through for those that are shown. */
const MOST_READ = 200;

function compare(one: string | null, other: string | null): number {
  return (one ?? '').localeCompare(other ?? '', 'en');
}

function itemOf({ notice, view, projectName }: OwnNotice, { title, fallback }: Card) {
  return { project: projectName, notice: notice.id, title, said: fallback, at: notice.at, view };
}

function digestCard(id: string, { digest, projects, more }: z.infer<typeof Digest>, timezone: string): Card {
  const count = projects.reduce((sum, { items }) => sum + items.length, more);
  const news = `${count} ${count === 1 ? 'thing' : 'things'}`;
  return {
    title: digest ? 'Your digest' : 'What waits for your digest',
    tone: 'info',
    ...(count ? { status: news } : {}),
    blocks: [
      ...projects.map(({ name, items }) => ({
        kind: 'list' as const,
        title: name ?? 'Beside projects',
        items: items.map(({ title, said, at, view }) => ({
          text: title,
          detail: `${said === title ? '' : `${said} · `}${momentText(at, timezone)}`,
          button: { kind: 'button' as const, label: 'Open', press: view },
        })),
      })),
      ...(more ? [{ kind: 'text' as const, text: `And ${more} more.`, subtle: true }] : []),
      ...(count ? [] : [{ kind: 'text' as const, text: 'Nothing waits: you were told of everything.' }]),
    ],
    actions: [WHY, PREFERENCES, ...(digest ? [stopping(DIGEST, 'Stop the digest')] : [])],
    fallback: count ? `${news} in your digest.` : 'Nothing waits for your digest.',
    about: { entity: 'digest', id, version: 0 },
  };
}
