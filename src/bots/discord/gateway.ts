import { setTimeout as sleep } from 'node:timers/promises';
import { CloseCodes, WebSocketManager, WebSocketShardEvents } from '@discordjs/ws';
import type { GatewayDispatchPayload, REST } from 'discord.js';
import { GatewayCloseCodes, GatewayIntentBits } from 'discord.js';
import type { Logger } from 'pino';
import type { DiscordConfig } from '../../config.ts';
import type { Delivery } from '../../core/kernel/inbox.ts';
import type { Inbound } from '../channel.ts';
import { keep, keepRemoval, MESSAGE } from './kept.ts';
import { Message } from './payloads.ts';
import type { DiscordReceiver } from './receiver.ts';

/** What is asked for: messages in servers, what they say, and whether Parley is removed from one. */
const INTENTS = GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages | GatewayIntentBits.MessageContent;

/** Milliseconds before a message that could not be stored is tried again. The gateway sends nothing a second time. */
const PAUSES = [500, 2_000, 5_000, 15_000, 30_000];

/**
 * Connects to Discord's gateway: it alone tells of messages, and of interactions where no address for them is set.
 * @returns how to end it
 */
export function connectGateway(
  { botToken }: DiscordConfig,
  { rest, inbound, receiver, log }: { rest: REST; inbound: Inbound; receiver: DiscordReceiver; log: Logger },
): () => Promise<void> {
  const manager = new WebSocketManager({ token: botToken, intents: INTENTS, rest, initialPresence: null });
  manager.on(WebSocketShardEvents.Dispatch, ({ data }) => {
    take(data, inbound, receiver, log).catch((error: unknown) =>
      log.error({ err: error, event: data.t }, 'something that Discord told of is lost: it could not be stored'),
    );
  });
  manager.on(WebSocketShardEvents.Ready, () => log.info('connected to Discord’s gateway'));
  manager.on(WebSocketShardEvents.Error, ({ error }) =>
    log.warn({ err: error }, 'the connection to Discord had a fault'),
  );
  manager.on(WebSocketShardEvents.Closed, ({ code }) => {
    if (code === GatewayCloseCodes.DisallowedIntents)
      log.error(
        'Discord does not give the app what people write: turn on “Message Content Intent” on the app’s page “Bot”. Until then answers in threads do not arrive',
      );
  });
  // Not awaited: while Discord cannot be reached the rest of Parley works.
  let ended = false;
  void connect();
  return async () => {
    ended = true;
    await manager.destroy({ code: CloseCodes.Normal, reason: 'Parley stops' });
  };

  async function connect(): Promise<void> {
    for (let tries = 0; !ended; tries += 1) {
      try {
        await manager.connect();
        return;
      } catch (error) {
        log.warn({ err: error }, 'Discord’s gateway cannot be reached; answers in threads do not arrive meanwhile');
        await sleep(PAUSES[Math.min(tries, PAUSES.length - 1)], undefined, { ref: false });
      }
    }
  }
}

async function take(event: GatewayDispatchPayload, inbound: Inbound, receiver: DiscordReceiver, log: Logger) {
  if (event.t === 'INTERACTION_CREATE') return receiver.answerOverGateway(event.d);
  const delivery = deliveryOf(event);
  if (!delivery) return undefined;
  for (let tries = 0; ; tries += 1) {
    try {
      const stored = await inbound.store({ tool: 'discord', account: delivery.account }, delivery);
      if (stored === null)
        log.warn({ account: delivery.account }, 'something came from a Discord server that no firm has connected');
      return undefined;
    } catch (error) {
      if (tries === PAUSES.length) throw error;
      await sleep(PAUSES[tries]);
    }
  }
}

/** What is stored of an event. A server that is only out of reach comes back by itself. */
function deliveryOf({ t: name, d: data }: GatewayDispatchPayload): Delivery | null {
  switch (name) {
    case 'MESSAGE_CREATE':
      return isForUs(data) ? keep(data, MESSAGE).delivery : null;
    case 'GUILD_DELETE':
      return data.unavailable ? null : keepRemoval(data.id, new Date());
    default:
      return null;
  }
}

/** What people say in a thread or in reply to something. The rest of what a server talks about is none of our business. */
function isForUs(message: unknown): boolean {
  const parsed = Message.safeParse(message);
  // One that cannot be understood is kept for staff.
  if (!parsed.success) return true;
  const { author, position, message_reference: reference } = parsed.data;
  return !author.bot && (typeof position === 'number' || Boolean(reference?.message_id));
}
