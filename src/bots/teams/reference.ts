import { z } from 'zod';

/** What Teams needs to be written to unasked: kept with the room (`room.reference`). */
export const Reference = z.object({
  serviceUrl: z.url({ protocol: /^https?$/ }),
  channelId: z.literal('msteams'),
  tenantId: z.string(),
  conversation: z.object({ id: z.string(), conversationType: z.string(), tenantId: z.string() }),
  bot: z.object({ id: z.string() }),
  /** The one person of a personal chat, by Teams' own id (29:…). */
  user: z.object({ id: z.string() }).optional(),
});
/** Of one conversation. */
export type Reference = z.infer<typeof Reference>;

/** Where bots of the public cloud write when nothing else is known (learn.microsoft.com, "Send proactive messages"). */
export const PUBLIC_SERVICE_URL = 'https://smba.trafficmanager.net/teams/';

/** The reference of a conversation that never wrote to us. */
export function referenceTo(address: string, tenantId: string, appId: string, serviceUrl: string): Reference {
  const conversationType = isChannel(address) ? 'channel' : 'groupChat';
  return {
    serviceUrl,
    channelId: 'msteams',
    tenantId,
    conversation: { id: address, conversationType, tenantId },
    bot: { id: `28:${appId}` },
  };
}

/** The conversation's own id, without the thread that a channel's activities carry behind it. */
export function addressOf(conversationId: string): string {
  return conversationId.split(';')[0] ?? conversationId;
}

/** The first message of the thread in which a channel's activity happened. */
export function threadOf(conversationId: string): string | null {
  return /;messageid=([^;]+)/.exec(conversationId)?.[1] ?? null;
}

/** The conversation id under which a message joins a thread. Only channels have threads; a chat is one row of messages. */
export function inThread(address: string, root: string | null): string {
  return root && isChannel(address) ? `${address};messageid=${root}` : address;
}

function isChannel(address: string): boolean {
  return /@thread\.(tacv2|skype)$/.test(address);
}
