import type { Channel, Json, Message, State, User } from './state.ts';
import { FLAGS, THREAD } from './state.ts';

/** The bot of the application, as Discord shows it. */
const botUser = (application: string) => ({ id: application, username: 'Parley', bot: true });

const userJson = ({ id, name }: User) => ({
  id,
  username: name.toLowerCase().replaceAll(/\W+/g, '.'),
  global_name: name,
});

/** A channel as Discord describes it. */
export function channelJson({ id, guild, name, type, parent, archived }: Channel): Json {
  const thread = type === THREAD ? { thread_metadata: { archived } } : {};
  return { id, guild_id: guild, name, type, ...(parent ? { parent_id: parent } : {}), ...thread };
}

/** A message as Discord describes it. */
export function messageJson(application: string, message: Message, channel: Channel): Json {
  const { id, from, content, embeds, components, flags, replyTo, edited } = message;
  return {
    id,
    channel_id: channel.id,
    author: from ? userJson(from) : botUser(application),
    type: replyTo ? 19 : 0,
    content,
    embeds,
    components,
    flags,
    mentions: [],
    attachments: [],
    timestamp: new Date(message.at).toISOString(),
    edited_timestamp: edited ? new Date().toISOString() : null,
    ...(replyTo ? { message_reference: { message_id: replyTo, channel_id: channel.id } } : {}),
    ...(channel.type === THREAD ? { position: channel.messages.indexOf(message) } : {}),
  };
}

/** A message as the gateway tells of it: with the server and who its author is there. */
export function dispatched(application: string, state: State, message: Message, channel: Channel): Json {
  const mentioned = [...message.content.matchAll(/<@(\d+)>/g)].map(([, id]) => id);
  const people = state.guilds.flatMap(({ members }) => members).filter(({ id }) => mentioned.includes(id));
  return {
    ...messageJson(application, message, channel),
    guild_id: channel.guild,
    member: { nick: null, roles: [] },
    mentions: people.map((user) => ({ ...userJson(user), member: { nick: null } })),
  };
}

/** What every interaction carries: who, where, and the token by which it is answered. */
export function interactionJson(
  application: string,
  {
    id,
    token,
    user,
    channel,
    message,
  }: { id: string; token: string; user: User; channel: Channel; message: Message | null },
): Json {
  return {
    version: 1,
    id,
    token,
    application_id: application,
    guild_id: channel.guild,
    channel_id: channel.id,
    channel: channelJson(channel),
    member: { user: userJson(user), nick: null, roles: [], permissions: user.manages ? '32' : '0' },
    locale: 'en-GB',
    ...(message
      ? {
          message: {
            ...messageJson(application, message, channel),
            flags: message.flags | (message.onlyFor ? FLAGS.ephemeral : 0),
          },
        }
      : {}),
  };
}
