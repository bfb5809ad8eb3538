import type { ChannelName } from '../kernel/actor.ts';
import type { Tier } from '../kernel/event.ts';
import type { Reason, Settings } from './schema.ts';
import { nextDigest, quietUntil } from './times.ts';

/** All that decides about telling one person of one fact. */
export interface Question {
  tier: Tier;
  topic: string;
  settings: Settings;
  /** A name of the IANA time zone database: the clock of the person. */
  timezone: string;
  now: Date;
  /** They did it themselves, and are not to be told of that. */
  isOwnAct: boolean;
  /** False where it is certain that they may not see it. */
  mayRead: boolean;
  /** What it reminds of is over. */
  isOver: boolean;
  /** Their channels in the order in which they are tried where nothing was chosen; each once. */
  channels: readonly { name: ChannelName; isReachable: boolean }[];
}

export type Decision =
  | { decision: 'sent'; channels: [ChannelName, ...ChannelName[]]; reason: Reason }
  | { decision: 'held'; until: Date; reason: Reason }
  | { decision: 'digest'; at: Date; reason: Reason }
  | { decision: 'none'; reason: Reason };

/** How one person is told of one fact: now, later, with others, or not at all, and why. */
export function decide(asked: Question): Decision {
  const { tier, topic, settings, timezone, now } = asked;
  const { pace = 'now' } = settings.topics[topic] ?? {};
  if (asked.isOwnAct) return none('own-act');
  if (!asked.mayRead) return none('no-right');
  if (asked.isOver) return none('over');
  const reachable = inOrder(asked).filter(({ isReachable }) => isReachable);
  const [first, ...others] = reachable.map(({ name }) => name);
  if (!first) return none('no-channel');
  if (tier === 'critical') return { decision: 'sent', channels: [first, ...others], reason: 'critical' };
  if (pace === 'never') return none('never');
  if (tier === 'informational' || pace !== 'now') {
    const reason = pace === 'daily' || pace === 'weekly' ? pace : 'informational';
    return settings.digest
      ? { decision: 'digest', at: digestAt(asked, pace === 'weekly'), reason }
      : none('digest-off');
  }
  const until = quietUntil(now, settings.quiet, timezone);
  if (until) return { decision: 'held', until, reason: 'quiet-hours' };
  return { decision: 'sent', channels: [first], reason: whyBy(asked, first) };
}

function none(reason: Reason): Decision {
  return { decision: 'none', reason };
}

/** What they chose comes first, mail last where something else was chosen: it is read by whoever reads nothing else. */
function inOrder({ channels, settings, topic }: Question): Question['channels'] {
  const wanted = settings.topics[topic]?.channel;
  if (!wanted) return channels;
  const rank = ({ name }: { name: ChannelName }) => (name === wanted ? 0 : name === 'email' ? 2 : 1);
  return [...channels].sort((one, other) => rank(one) - rank(other));
}

/** A digest breaks no quiet hours either: it comes when they end. */
function digestAt({ settings, timezone, now }: Question, weekly: boolean): Date {
  const at = nextDigest(now, { hour: settings.digestHour, weekly }, timezone);
  return quietUntil(at, settings.quiet, timezone) ?? at;
}

function whyBy(asked: Question, channel: ChannelName): Reason {
  const wanted = asked.settings.topics[asked.topic]?.channel;
  if (wanted) return channel === wanted ? 'chosen' : 'fallback';
  return channel === asked.channels[0]?.name ? 'default' : 'fallback';
}
