import { z } from 'zod';
import type { Card } from '../kernel/card.ts';
import { momentText } from '../kernel/dates.ts';
import { there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { PREFERENCES } from './presses.ts';
import { readOwn } from './queries.ts';
import { Notice } from './schema.ts';
import { decisionText, eventText, reasonText } from './wording.ts';

/** As many are said of; each of them is read, to leave out what its reader may not see any more. */
const MOST = 15;

const Told = z.strictObject({
  about: z
    .strictObject({ thing: z.string().describe('What it is'), title: z.string().describe('What it is called') })
    .nullable()
    .describe('The thing that is asked about; null for everything'),
  notices: z
    .array(Notice.extend({ title: z.string().describe('What it was about') }))
    .describe('Sent or not, the newest first'),
});

/** What whoever asks was told of a thing they can see, or of everything lately; what not; and why. */
export const showWhy = view({
  name: 'notice.why',
  module: null,
  input: z.strictObject({
    thing: z.string().max(40).optional().describe('What it is: ticket, cycle, …'),
    id: z.uuid().optional().describe('Its id'),
  }),
  output: Told,
  read: async (context, { thing: name, id }, { draw, things }) => {
    if (name === undefined || id === undefined) {
      const found = await readOwn(context, 'all', MOST);
      const cards = await draw(found.map((one) => one.view));
      const notices = found.flatMap(({ notice }, index) => {
        const title = cards[index]?.title;
        return title ? [{ ...notice, title }] : [];
      });
      return { about: null, notices };
    }
    const [card] = await draw([there(things.get(name)).showing(id)]);
    const { title } = there(card);
    const found = await readOwn(context, { entity: name, id }, MOST);
    return { about: { thing: name, title }, notices: found.map(({ notice }) => ({ ...notice, title })) };
  },
  card: (data, { newId, actor }) => whyCard(newId(), data, actor.timezone),
});

function whyCard(id: string, { about, notices }: z.infer<typeof Told>, timezone: string): Card {
  return {
    title: about ? `Why you were told of ${about.title}` : 'What you were told, and why',
    tone: 'neutral',
    blocks: notices.length
      ? [
          {
            kind: 'list',
            items: notices.map((one) => ({
              text: about ? eventText(one.event) : `${one.title}: ${eventText(one.event)}`,
              detail: `${momentText(one.at, timezone)} · ${decisionText(one, timezone)}: ${reasonText(one)}.`,
            })),
          },
          {
            kind: 'text',
            text: 'Channels that several people read are not listed here: they get everything.',
            subtle: true,
          },
        ]
      : [
          {
            kind: 'text',
            text: 'Nothing of this was to be told to you alone. Channels that several people read get everything.',
          },
        ],
    actions: [PREFERENCES],
    fallback: notices.length
      ? `${notices.length} notices, with the reason for each.`
      : 'Nothing was to be told to you.',
    about: { entity: 'home', id, version: 0 },
  };
}
