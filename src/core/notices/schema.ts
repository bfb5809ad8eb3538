import { z } from 'zod';
import type { ChannelName } from '../kernel/actor.ts';
import type { Choice } from '../kernel/field.ts';
import { instant } from '../kernel/instant.ts';

/** How fast somebody wants to be told of a topic. */
export const PACES = ['now', 'daily', 'weekly', 'never'] as const;
export type Pace = (typeof PACES)[number];
export const PACE_NAMES: Readonly<Record<Pace, string>> = {
  now: 'At once',
  daily: 'In the daily digest',
  weekly: 'In the weekly digest, on Monday',
  never: 'Not at all',
};

export const CHANNELS = ['slack', 'teams', 'discord', 'email'] as const satisfies readonly ChannelName[];
export const CHANNEL_NAMES: Readonly<Record<ChannelName, string>> = {
  slack: 'Slack',
  teams: 'Teams',
  discord: 'Discord',
  email: 'Mail',
};

/** The digest as something to be stopped; all else that can be stopped is a topic. */
export const DIGEST = 'digest';

/** What somebody set for one topic. What is absent is as it is by default. */
export const TopicChoice = z.strictObject({
  pace: z.enum(PACES).optional().describe('How fast they are told'),
  channel: z.enum(CHANNELS).optional().describe('By which channel, where it can be reached'),
  was: z.enum(PACES).optional().describe('How fast it was before it was stopped by one press'),
});
export type TopicChoice = z.infer<typeof TopicChoice>;

/** From which hour until which nothing comes that can wait, by the clock of the person; it may pass midnight. */
export const Quiet = z.strictObject({
  from: z.int().min(0).max(23).describe('The hour at which it begins'),
  to: z.int().min(0).max(23).describe('The hour at which it ends'),
});
export type Quiet = z.infer<typeof Quiet>;

/** How somebody wants to be told. */
export const Settings = z.strictObject({
  topics: z.record(z.string(), TopicChoice).describe('By topic, what is not as it is by default'),
  digest: z.boolean().describe('Whether a digest comes at all'),
  digestHour: z.int().min(0).max(23).describe('The hour at which it comes, by the clock of the person'),
  digestChannel: z.enum(CHANNELS).nullable().describe('By which channel it comes, where they said so'),
  quiet: Quiet.nullable().describe('When nothing comes that can wait'),
});
export type Settings = z.infer<typeof Settings>;

/** Good for whoever sets nothing: told at once, what is only for information once a day. */
export const DEFAULTS: Settings = { topics: {}, digest: true, digestHour: 8, digestChannel: null, quiet: null };

/** What was decided: sent, held until a moment, waiting for a digest, sent with one, or not sent. */
const DECISIONS = ['sent', 'held', 'digest', 'digested', 'none'] as const;

/** Why it was decided so. */
const REASONS = [
  'critical',
  'chosen',
  'default',
  'fallback',
  'quiet-hours',
  'after-quiet-hours',
  'informational',
  'daily',
  'weekly',
  'own-act',
  'never',
  'digest-off',
  'no-right',
  'over',
  'no-channel',
  'channel-fault',
] as const;
export type Reason = (typeof REASONS)[number];

/** A notice, as its person is told of it. The notice itself is not stored. */
export const Notice = z.strictObject({
  id: z.uuid().describe('The notice’s id'),
  event: z.string().describe('What happened'),
  topic: z.string().describe('The topic it belongs to'),
  tier: z.string().describe('How much it matters'),
  decision: z.enum(DECISIONS).describe('What became of it'),
  reason: z.enum(REASONS).describe('Why'),
  channels: z.array(z.enum(CHANNELS)).describe('By which it was sent'),
  dueAt: instant().nullable().describe('Until when it is held, or when the digest comes that it waits for'),
  digest: z.uuid().nullable().describe('The digest it came with'),
  at: instant().describe('When it was to be told'),
});
export type Notice = z.infer<typeof Notice>;

/** The hours of a day as a form offers them. */
export const HOURS: readonly Choice[] = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  label: hourText(hour),
}));

export function hourText(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}
