import { z } from 'zod';
import type { Press } from '../../core/kernel/card.ts';
import { decodePress } from '../../core/kernel/card.ts';
import type { Pressed, Sender } from '../channel.ts';
import { Action, Activity, Stranger } from './activity.ts';
import { FIELD_PREFIX } from './form.ts';
import type { Reference } from './reference.ts';
import { addressOf, threadOf } from './reference.ts';

/** Where something happened. */
export interface Where {
  install: { tool: 'teams'; account: string };
  room: { channel: 'teams'; account: string; address: string };
  /** The first message of the thread, in a channel. */
  thread: string | null;
  personal: boolean;
  reference: Reference;
}

/** What an activity of Teams means to us. */
export type Parsed =
  | { kind: 'press'; where: Where; messageId: string | null; pressed: Pressed; form: Press | null; from: Press | null }
  /** Somebody wants the posted card again: Cancel, Back, or their client's own refresh. */
  | { kind: 'show'; where: Where; messageId: string | null }
  | {
      kind: 'message';
      where: Where;
      who: Sender;
      deliveryId: string;
      text: string;
      /** Said to us: in a personal chat, or with a mention. */
      addressed: boolean;
      inReplyTo: string | null;
    }
  | { kind: 'installed' | 'removed'; where: Where; deliveryId: string }
  | Unworked;

/** What nobody works: it is stored with the reason, so that what was received adds up. */
export type Unworked = { install: Where['install'] | null; why: string } & (
  | {
      /** A button that nobody here made, or one too old to be read. */
      kind: 'unreadable';
    }
  /** An invoke of a feature that Parley does not offer. */
  | { kind: 'unsupported'; name: string }
  /** Known to be of no use; `others` when people say it to one another: that it came is counted, its words are theirs. */
  | { kind: 'ignored'; others?: true }
  /** From Teams, but not of a form we know: kept for people to look at. */
  | { kind: 'strange' }
);

/**
 * Reads an activity whose sender was checked before.
 * @param home the organisation of an activity that names none, where the app belongs to one
 */
export function parseActivity(raw: unknown, home: string | null = null): Parsed {
  const parsed = Activity.safeParse(raw);
  const where = parsed.success && whereOf(parsed.data);
  if (!where) return strange(raw, home, parsed.success ? 'it names no organisation' : whyNot(parsed.error));
  const activity = parsed.data;
  switch (activity.type) {
    case 'invoke':
      return invoke(activity, where);
    case 'message':
      return message(activity, where);
    case 'conversationUpdate':
    case 'installationUpdate':
      return installation(activity, where);
    default:
      return otherwise(activity, where);
  }
}

/** Types of activities that are of no use here, and why: silence is chosen, type by type. */
const IGNORED: ReadonlyMap<string, string> = new Map([
  ['messageUpdate', 'edits are not mirrored yet'],
  ['messageDelete', 'deletions are not mirrored yet'],
  ['messageReaction', 'reactions are not mirrored'],
  ['typing', 'somebody writes'],
  ['event', 'meetings and receipts are not followed'],
  ['endOfConversation', 'a conversation with Parley has no end'],
]);

function otherwise({ type }: Activity, { install }: Where): Parsed {
  const why = IGNORED.get(type);
  return why === undefined
    ? { kind: 'strange', install, why: `activities of type ${type} are not known` }
    : { kind: 'ignored', install, why };
}

function strange(raw: unknown, home: string | null, why: string): Parsed {
  const account = Stranger.safeParse(raw).data?.channelData.tenant.id ?? home;
  return { kind: 'strange', install: account === null ? null : { tool: 'teams', account }, why };
}

/** The first faults are enough to tell what came; a list of thousands has as many. */
function whyNot({ issues }: z.ZodError): string {
  return z.prettifyError(new z.ZodError(issues.slice(0, 5))).slice(0, 1_000);
}

function whereOf({ channelData, conversation, serviceUrl, recipient, from }: Activity): Where | null {
  const account = channelData?.tenant?.id ?? conversation.tenantId;
  if (!account) return null;
  const address = addressOf(conversation.id);
  const conversationType = conversation.conversationType ?? 'personal';
  const personal = conversationType === 'personal';
  return {
    install: { tool: 'teams', account },
    room: { channel: 'teams', account, address },
    thread: threadOf(conversation.id),
    personal,
    reference: {
      serviceUrl,
      channelId: 'msteams',
      tenantId: account,
      conversation: { id: address, conversationType, tenantId: account },
      bot: { id: recipient.id },
      ...(personal ? { user: { id: from.id } } : {}),
    },
  };
}

function senderOf({ from }: Activity, { install }: Where): Sender {
  return {
    install,
    provider: 'teams',
    account: install.account,
    externalId: from.aadObjectId ?? from.id,
    assurance: 'chat',
    ...(from.name ? { name: from.name } : {}),
  };
}

/** The same press delivered twice has the same activity id. */
function idOf(activity: Activity, { room }: Where): string {
  return `${room.address}:${activity.id}`;
}

function invoke(activity: Activity, where: Where): Parsed {
  const { install } = where;
  const { name = '' } = activity;
  if (name !== 'adaptiveCard/action')
    return { kind: 'unsupported', install, name, why: `Parley does not offer ${name || 'invokes without a name'}` };
  const parsed = Action.safeParse(activity.value);
  if (!parsed.success) return { kind: 'unreadable', install, why: whyNot(parsed.error) };
  const { verb, data } = parsed.data.action;
  const messageId = activity.replyToId ?? null;
  if (verb === 'show') return { kind: 'show', where, messageId };
  const press = pressIn(data.press);
  if (!press) return { kind: 'unreadable', install, why: 'its press cannot be read' };
  const form = pressIn(data.form);
  const typed = fieldsIn(data);
  return {
    kind: 'press',
    where,
    messageId,
    pressed: {
      who: senderOf(activity, where),
      press,
      requestId: `teams:${idOf(activity, where)}`,
      ...(where.personal ? {} : { place: where.room }),
      // A form in which nothing was typed is one all the same.
      ...(form || Object.keys(typed).length ? { form: typed } : {}),
    },
    form,
    from: pressIn(data.from),
  };
}

function pressIn(value: unknown): Press | null {
  return typeof value === 'string' ? decodePress(value) : null;
}

/** What was typed, by field; Teams sends a field that was left empty as ''. */
function fieldsIn(data: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).flatMap(([key, value]) =>
      key.startsWith(FIELD_PREFIX) && typeof value === 'string' && value.trim()
        ? [[key.slice(FIELD_PREFIX.length), value]]
        : [],
    ),
  );
}

function message(activity: Activity, where: Where): Parsed {
  const mentions = (activity.entities ?? []).filter(
    (entity) => entity.type === 'mention' && entity.mentioned?.id === activity.recipient.id,
  );
  const text = textOf(
    activity,
    mentions.flatMap((mention) => mention.text ?? []),
  );
  const { install } = where;
  if (!text) return { kind: 'ignored', install, why: 'a message without text' };
  const addressed = where.personal || mentions.length > 0;
  const inReplyTo = where.thread && where.thread !== activity.id ? where.thread : (activity.replyToId ?? null);
  if (!addressed && !inReplyTo) return { kind: 'ignored', install, why: 'said to others', others: true };
  return {
    kind: 'message',
    where,
    who: senderOf(activity, where),
    deliveryId: idOf(activity, where),
    text,
    addressed,
    inReplyTo,
  };
}

const CARD_OR_HTML = /^(text\/html|application\/vnd\.microsoft\.card\.)/;

/** Spellings of our name that one message may hold. */
const MOST_MENTIONS = 20;

/** The words without the mention of ourselves. A file is named: its contents stay in Teams. */
function textOf({ text = '', attachments = [] }: Activity, mentions: string[]): string {
  const ours = [...new Set(mentions)].filter(Boolean).slice(0, MOST_MENTIONS);
  const words = ours.reduce((rest, mention) => rest.replaceAll(mention, ' '), text);
  const files = attachments.filter(({ contentType }) => !CARD_OR_HTML.test(contentType));
  return [decodeEntities(words).trim(), ...files.map(({ name }) => `[file in Teams: ${name ?? 'without a name'}]`)]
    .filter(Boolean)
    .join('\n');
}

const ENTITIES: Record<string, string> = { nbsp: ' ', amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function decodeEntities(text: string): string {
  return text.replaceAll(/&(nbsp|amp|lt|gt|quot|#39);/g, (_whole, name: string) => ENTITIES[name] ?? '');
}

function installation(activity: Activity, where: Where): Parsed {
  const us = (accounts: { id: string }[] | undefined) =>
    accounts?.some(({ id }) => id === activity.recipient.id) ?? false;
  const added = us(activity.membersAdded) || activity.action === 'add' || activity.action === 'add-upgrade';
  const removed = us(activity.membersRemoved) || activity.action === 'remove' || activity.action === 'remove-upgrade';
  if (!added && !removed)
    return { kind: 'ignored', install: where.install, why: 'other people came or went, or the room changed its name' };
  return { kind: added ? 'installed' : 'removed', where, deliveryId: idOf(activity, where) };
}
