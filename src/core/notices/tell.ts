import type { ChannelName } from '../kernel/actor.ts';
import type { Sql } from '../kernel/db.ts';
import { hasHappened } from '../kernel/delivery.ts';
import type { Fact, Hearer, Notices, PersonalRoom, ToSend } from '../kernel/notice.ts';
import { readersOf } from '../people/index.ts';
import type { Question } from './decide.ts';
import { decide } from './decide.ts';
import { digestDue, released } from './events.ts';
import type { Decided } from './rows.ts';
import { addNotices, decideAgain, lockNotice } from './rows.ts';
import { DEFAULTS } from './schema.ts';
import { settingsOf } from './settings.ts';
import type { Topics } from './topics.ts';

const NOTHING: ToSend = { cards: [], replaced: [] };
const NOTICE = /^(notice|digest):([0-9a-f-]{36}):/;

/** Decides how people are told, in the worker that hands an event on. */
export function noticesFor({ until }: Topics): Notices {
  return {
    tell: (sql, fact, hearers, now) => {
      const [hearer] = hearers;
      if (!hearer) return Promise.resolve(NOTHING);
      if (fact.event.name === released.name) return tellReleased(sql, fact, hearer, { until, now });
      if (fact.event.name === digestDue.name) return tellDigest(sql, fact, hearer);
      return tellNew(sql, fact, hearers, { until, now });
    },
    outcome: (key, room, fault) => {
      const [, what, id] = NOTICE.exec(key) ?? [];
      return what && id ? { name: 'notice.note-outcome', input: { [what]: id, room, fault } } : null;
    },
  };
}

interface Asking {
  until: Topics['until'];
  now: Date;
}

async function tellNew(sql: Sql, fact: Fact, hearers: readonly Hearer[], { until, now }: Asking): Promise<ToSend> {
  const { event, module } = fact;
  const { tenantId, clientId, projectId } = event;
  const people = hearers.map(({ person }) => person);
  const [readers, settings, isOver] = await Promise.all([
    readersOf(sql, tenantId, people, { clientId, projectId, module }),
    settingsOf(sql, tenantId, people),
    hasHappened(sql, tenantId, event.about, { seq: event.seq, names: until.get(event.name) ?? [] }),
  ]);
  const decided = hearers.flatMap((hearer): Decided[] => {
    const reader = readers.find(({ id }) => id === hearer.person);
    if (!reader) return [];
    const question: Question = {
      ...{ tier: fact.tier, topic: fact.topic, timezone: reader.timezone, mayRead: reader.mayRead, now, isOver },
      settings: settings.get(hearer.person) ?? DEFAULTS,
      isOwnAct: event.actor.personId === hearer.person && !fact.tellsDoer,
      channels: channelsFor(hearer),
    };
    return [{ id: crypto.randomUUID(), hearer, decision: decide(question) }];
  });
  if (!decided.length) return NOTHING;
  const added = await addNotices(sql, fact, decided, now);
  const cards = decided.filter(({ id }) => added.has(id)).flatMap((one) => cardsOf(one));
  return { cards, replaced: [] };
}

/** What was held, or could not arrive, is decided about anew. */
async function tellReleased(
  sql: Sql,
  { event, module }: Fact,
  hearer: Hearer,
  { until, now }: Asking,
): Promise<ToSend> {
  const { tenantId } = event;
  const it = await lockNotice(sql, tenantId, event.about.id);
  if (!it || (it.decision !== 'held' && !it.failed.length)) return NOTHING;
  const about = { entity: it.entity, id: it.entityId };
  const [[reader], settings, isOver] = await Promise.all([
    readersOf(sql, tenantId, [it.personId], { ...it, module }),
    settingsOf(sql, tenantId, [it.personId]),
    hasHappened(sql, tenantId, about, { seq: it.seq, names: until.get(it.event) ?? [] }),
  ]);
  const rooms = hearer.rooms.map((room) => (it.failed.includes(room.id) ? { ...room, isReachable: false } : room));
  const again = { ...hearer, ...{ named: it.named, mailOnly: it.mailOnly, rooms } };
  const decision = decide({
    ...{ tier: it.tier, topic: it.topic, now, isOver, isOwnAct: false },
    timezone: reader?.timezone ?? 'UTC',
    mayRead: reader?.mayRead ?? false,
    settings: settings.get(it.personId) ?? DEFAULTS,
    channels: channelsFor(again),
  });
  if (it.decision === 'held') {
    const why = decision.decision === 'sent' && decision.reason === 'default' ? 'after-quiet-hours' : decision.reason;
    await decideAgain(sql, tenantId, it.id, { ...decision, reason: why }, now);
    return { cards: cardsOf({ id: it.id, hearer: again, decision }), replaced: [] };
  }
  return sendElsewhere(sql, { tenantId, now, failed: it.failed }, { id: it.id, hearer: again, decision });
}

/**
 * It went out and did not arrive: it is told as if that channel were not there. Where there is no other, the card waits for its room
 * to be mended.
 */
async function sendElsewhere(
  sql: Sql,
  { tenantId, now, failed }: { tenantId: string; now: Date; failed: readonly string[] },
  one: Decided,
): Promise<ToSend> {
  const { decision, id } = one;
  // What is critical went out everywhere at once.
  if (decision.decision === 'sent' && decision.reason === 'critical') return NOTHING;
  const waits = decision.decision === 'none' && decision.reason === 'no-channel';
  const why = waits ? 'channel-fault' : decision.decision === 'sent' ? 'fallback' : decision.reason;
  await decideAgain(sql, tenantId, id, { ...decision, reason: why }, now);
  return { cards: cardsOf(one), replaced: waits ? [] : failed.map((room) => `notice:${id}:${room}`) };
}

async function tellDigest(sql: Sql, { event }: Fact, hearer: Hearer): Promise<ToSend> {
  const { failed } = event.data as { failed: string[] };
  const { tenantId } = event;
  const settings = (await settingsOf(sql, tenantId, [hearer.person])).get(hearer.person) ?? DEFAULTS;
  const rooms = hearer.rooms.filter(({ id, isReachable }) => isReachable && !failed.includes(id));
  const room =
    rooms.find(({ channel }) => channel === settings.digestChannel) ??
    rooms.find(({ channel }) => channel === 'email') ??
    rooms[0];
  const id = event.about.id;
  if (room)
    await sql`update notice set channels = ${[room.channel]} where tenant_id = ${tenantId} and digest_id = ${id}`;
  else
    await sql`
      update notice set decision = 'none', reason = ${failed.length ? 'channel-fault' : 'no-channel'}, channels = '{}', digest_id = null
      where tenant_id = ${tenantId} and digest_id = ${id}`;
  return {
    cards: room ? [{ room: room.id, key: `digest:${id}:${room.id}` }] : [],
    replaced: room ? failed.map((one) => `digest:${id}:${one}`) : [],
  };
}

/**
 * The channels of a person, as they are tried where nothing was chosen. Who is named is told in a chat, where there is one; whoever
 * reads along is told where they do so, in their mailbox.
 */
function channelsFor({ rooms, named, mailOnly }: Hearer): Question['channels'] {
  const meant = mailOnly ? rooms.filter(({ channel }) => channel === 'email') : rooms;
  const names = [...new Set(meant.map(({ channel }) => channel))];
  const last: ChannelName | null = named ? 'email' : null;
  const ordered = [
    ...names.filter((name) => (last ? name !== last : name === 'email')),
    ...names.filter((name) => (last ? name === last : name !== 'email')),
  ];
  return ordered.map((name) => ({
    name,
    isReachable: meant.some(({ channel, isReachable }) => channel === name && isReachable),
  }));
}

/** The rooms of what is sent now: what is critical goes to all of them, anything else to the first of its channel. */
function cardsOf({ id, hearer, decision }: Decided): ToSend['cards'] {
  if (decision.decision !== 'sent') return [];
  const roomsOf = (name: ChannelName): PersonalRoom[] =>
    hearer.rooms.filter(({ channel, isReachable }) => channel === name && isReachable);
  const isEverywhere = decision.reason === 'critical';
  return decision.channels
    .flatMap((name) => (isEverywhere ? roomsOf(name) : roomsOf(name).slice(0, 1)))
    .map((room) => ({ room: room.id, key: `notice:${id}:${room.id}` }));
}
