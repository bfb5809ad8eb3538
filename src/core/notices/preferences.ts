import { z } from 'zod';
import type { Button, Card } from '../kernel/card.ts';
import { DomainError } from '../kernel/errors.ts';
import { view } from '../kernel/view.ts';
import { WAITING, WHY } from './presses.ts';
import { CHANNELS, hourText, PACES, Settings } from './schema.ts';
import { paceOf, settingsFor } from './settings.ts';
import type { Topics } from './topics.ts';
import { topicText } from './topics.ts';
import { choiceText } from './wording.ts';

const Preferences = z.strictObject({
  settings: Settings.describe('What they set, and what holds where they did not'),
  topics: z
    .array(
      z.strictObject({
        topic: z.string().describe('The topic'),
        pace: z.enum(PACES).describe('How fast they are told'),
        channel: z.enum(CHANNELS).nullable().describe('By which channel, where they said so'),
      }),
    )
    .describe('What somebody may choose about'),
  timezone: z.string().describe('The clock by which their hours count: a name of the IANA time zone database'),
});

/** How somebody is told of things: everything that they may set, on one card. */
export function showPreferences({ names }: Topics) {
  return view({
    name: 'notice.preferences',
    module: null,
    word: { say: 'notices', label: 'How you are told', about: 'what you are told, when, and where' },
    input: z.strictObject({}),
    output: Preferences,
    read: async (context) => {
      const { actor } = context;
      if (actor.kind !== 'person') throw new DomainError('not_found', 'Only people set how they are told.');
      const settings = await settingsFor(context, actor.personId);
      const topics = names.map((topic) => ({
        ...{ topic, pace: paceOf(settings, topic) },
        channel: settings.topics[topic]?.channel ?? null,
      }));
      return { settings, topics, timezone: actor.timezone };
    },
    card: (data, { newId }) => preferencesCard(newId(), data),
  });
}

function preferencesCard(id: string, { settings, topics, timezone }: z.infer<typeof Preferences>): Card {
  const { digest, digestHour, quiet } = settings;
  const hours = quiet ? `${hourText(quiet.from)} to ${hourText(quiet.to)}` : 'None';
  return {
    title: 'How you are told',
    tone: 'neutral',
    blocks: [
      {
        kind: 'list',
        items: topics.map(({ topic }) => ({
          text: topicText(topic),
          detail: choiceText(settings, topic),
          button: change(topic),
        })),
      },
      {
        kind: 'facts',
        facts: [
          { label: 'Digest', value: digest ? `At ${hourText(digestHour)}` : 'None' },
          { label: 'Quiet hours', value: hours },
          { label: 'Your clock', value: timezone },
        ],
      },
      {
        kind: 'text',
        text: 'What cannot wait comes at once in any case, and channels that several people read get everything.',
        subtle: true,
      },
    ],
    actions: [QUIET_HOURS, DIGEST, WAITING, WHY],
    fallback: `You are told of ${topics.length} topics. Quiet hours: ${hours.toLowerCase()}.`,
    about: { entity: 'home', id, version: 0 },
  };
}

function change(topic: string): Button {
  return { kind: 'button', label: 'Change…', press: { target: 'notice.set-topic', input: { topic } } };
}

const QUIET_HOURS: Button = {
  kind: 'button',
  label: 'Quiet hours…',
  word: 'QUIET',
  press: { target: 'notice.set-quiet-hours', input: {} },
};
const DIGEST: Button = {
  kind: 'button',
  label: 'Digest…',
  word: 'DIGEST',
  press: { target: 'notice.set-digest', input: {} },
};
