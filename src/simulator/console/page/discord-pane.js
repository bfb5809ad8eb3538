import { chatPane } from './chat-pane.js';
import { act } from './connection.js';
import { discordMessages } from './discord-message.js';
import { discordModals } from './discord-modal.js';

/** The Discord stand-in as one person sees it: a channel's messages and threads, what only they see, their modal. */
export function discordPane(config) {
  return chatPane(config, {
    part: 'discord',
    css: 'dc',
    say: (text, thread, { user, channel }) =>
      text.startsWith('/')
        ? act('discord-command', { user, channel, text })
        : act('discord-say', { user, channel, text, ...(thread ? { thread } : {}) }),
    drawing: (view, say, at) =>
      discordMessages(view, {
        reply: (text, { id }) => say(text, id),
        dismiss: ({ id }) => act('discord-dismiss', { message: id }),
        press: ({ id }, button, label) => act('discord-press', { user: at().user, message: id, button, label }),
      }),
    modals: discordModals,
    modalsOf: ({ modals }, { user }) => modals.filter((modal) => modal.user === user),
    itemsOf: ({ messages }, { user, channel }) =>
      messages.filter((message) => message.channel === channel && (!message.onlyFor || message.onlyFor === user)),
    keyOf: ({ id }) => id,
  });
}
