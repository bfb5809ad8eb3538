import { momentText } from '../kernel/dates.ts';
import type { Notice, Reason, Settings } from './schema.ts';
import { CHANNEL_NAMES, PACE_NAMES } from './schema.ts';
import { paceOf } from './settings.ts';
import { topicText } from './topics.ts';

/** "At once, by Mail" */
export function choiceText(settings: Settings, topic: string): string {
  const channel = settings.topics[topic]?.channel;
  return `${PACE_NAMES[paceOf(settings, topic)]}${channel ? `, by ${CHANNEL_NAMES[channel]}` : ''}`;
}

/** What became of a notice. */
export function decisionText({ decision, channels, dueAt }: Notice, timezone: string): string {
  const by = channels.map((one) => CHANNEL_NAMES[one]).join(' and ');
  switch (decision) {
    case 'sent':
      return `Sent by ${by}`;
    case 'digested':
      return by ? `Sent with your digest, by ${by}` : 'Sent with your digest';
    case 'held':
      return dueAt ? `Held until ${momentText(dueAt, timezone)}` : 'Held';
    case 'digest':
      return dueAt ? `Waits for your digest on ${momentText(dueAt, timezone)}` : 'Waits for your digest';
    case 'none':
      return 'Not sent';
  }
}

/** Why, as the end of a sentence. */
export function reasonText({ reason, topic }: Pick<Notice, 'reason' | 'topic'>): string {
  return REASONS[reason](topicText(topic));
}

const REASONS: Readonly<Record<Reason, (topic: string) => string>> = {
  critical: () => 'it could not wait',
  chosen: (topic) => `you chose this channel for ${topic}`,
  default: (topic) => `you are told of ${topic} at once`,
  fallback: () => 'the channel that comes first could not be reached',
  'quiet-hours': () => 'it came in your quiet hours',
  'after-quiet-hours': () => 'it came in your quiet hours and was told when they ended',
  informational: () => 'it is for information, and such things come with the digest',
  daily: (topic) => `you chose the daily digest for ${topic}`,
  weekly: (topic) => `you chose the weekly digest for ${topic}`,
  'own-act': () => 'you did it yourself',
  never: (topic) => `you chose not to be told of ${topic}`,
  'digest-off': () => 'it would have come with the digest, which you turned off',
  'no-right': () => 'you could not see it at that time',
  over: () => 'what it reminds of was over by then',
  'no-channel': () => 'no channel of yours could be reached',
  'channel-fault': () => 'it could not arrive, and there was no other channel; it comes once the channel is mended',
};

/** "declined": what happened, from the name of its event. */
export function eventText(event: string): string {
  return event.split('.').slice(1).join(' ').replaceAll('-', ' ');
}
