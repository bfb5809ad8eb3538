import type { Conversation, Message } from '../teams/state.ts';

const MOST = 60;
const BOT = 'bot';

/** The chats as the page draws them. `views` are the cards that single people were answered in the place of the posted one. */
export function teamsPart(conversations: readonly Conversation[], at: (real: number) => number): unknown {
  const users = conversations.flatMap(({ members }) => members).map(({ id, name }) => [id, { id, name }]);
  return {
    users: { ...Object.fromEntries(users), [BOT]: { id: BOT, name: 'Parley', bot: true } },
    conversations: Object.fromEntries(conversations.map(({ id, name, kind }) => [id, { id, name, kind }])),
    messages: conversations.flatMap(({ id, messages }) =>
      messages.slice(-MOST).map((message) => messagePart(id, message, at)),
    ),
  };
}

function messagePart(
  conversation: string,
  { id, thread, from, text, card, edited, views, ...message }: Message,
  at: (real: number) => number,
) {
  return {
    conversation,
    id,
    from: from?.id ?? BOT,
    text,
    card,
    edited,
    views,
    replyTo: thread,
    at: at(new Date(message.at).getTime()),
  };
}
