import { randomUUID } from 'node:crypto';
import type { Conversation, Message, User } from './state.ts';

/** Where an activity is made. */
export interface Scene {
  tenantId: string;
  appId: string;
  serviceUrl: string;
  conversation: Conversation;
}

type ActivityJson = Record<string, unknown>;

/** Somebody pressed an Action.Execute, or their client asked for the present state. */
export function pressActivity(
  scene: Scene,
  message: Message,
  user: User,
  action: { verb: string; data: object; title?: string },
  trigger: 'manual' | 'automatic',
): ActivityJson {
  return {
    ...base(scene, user, message.thread ?? message.id),
    type: 'invoke',
    name: 'adaptiveCard/action',
    id: `f:${randomUUID()}`,
    replyToId: message.id,
    value: { action: { type: 'Action.Execute', ...action }, trigger },
  };
}

/** Somebody wrote. In rooms the bot is mentioned, or it would not hear of it. */
export function messageActivity(
  scene: Scene,
  message: Message,
  mentions: boolean,
  replyToId: string | null,
): ActivityJson {
  const bot = `<at>${BOT_NAME}</at>`;
  const mention = { type: 'mention', mentioned: botOf(scene), text: bot };
  return {
    ...base(scene, message.from as User, message.thread ?? message.id),
    type: 'message',
    id: message.id,
    textFormat: 'plain',
    text: mentions ? `${bot} ${message.text}\n` : message.text,
    entities: [CLIENT, ...(mentions ? [mention] : [])],
    attachments: [],
    ...(replyToId && scene.conversation.kind !== 'channel' ? { replyToId } : {}),
  };
}

/** The app was added to, or removed from, the conversation. */
export function installationActivity(scene: Scene, user: User, what: 'membersAdded' | 'membersRemoved'): ActivityJson {
  return { ...base(scene, user, null), type: 'conversationUpdate', id: `f:${randomUUID()}`, [what]: [botOf(scene)] };
}

const BOT_NAME = 'Parley';
const CLIENT = { type: 'clientInfo', locale: 'en-GB', country: 'GB', platform: 'Web', timezone: 'Europe/London' };

function base({ tenantId, serviceUrl, conversation, ...scene }: Scene, user: User, root: string | null): ActivityJson {
  const channel = conversation.kind === 'channel';
  const now = new Date().toISOString();
  return {
    channelId: 'msteams',
    serviceUrl,
    timestamp: now,
    localTimestamp: now,
    locale: 'en-GB',
    from: { id: user.id, name: user.name, aadObjectId: user.aadObjectId },
    recipient: botOf(scene),
    conversation: {
      id: channel && root ? `${conversation.id};messageid=${root}` : conversation.id,
      conversationType: conversation.kind,
      tenantId,
      ...(conversation.kind === 'personal' ? {} : { isGroup: true }),
    },
    channelData: {
      tenant: { id: tenantId },
      ...(channel ? { team: { id: conversation.id }, channel: { id: conversation.id } } : {}),
    },
    entities: [CLIENT],
  };
}

function botOf({ appId }: { appId: string }): { id: string; name: string } {
  return { id: `28:${appId}`, name: BOT_NAME };
}
