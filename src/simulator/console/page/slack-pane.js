import { chatPane } from './chat-pane.js';
import { act } from './connection.js';
import { slackMessages, withThreads } from './slack-message.js';
import { slackModals } from './slack-modal.js';

/** The Slack stand-in as one person sees it: a channel's messages and threads, what only they see, their modals. */
export function slackPane(config) {
  return chatPane(config, {
    part: 'slack',
    css: 'sk',
    say: (text, threadTs, { user, channel }) =>
      text.startsWith('/')
        ? act('slack-command', { user, channel, text })
        : act('slack-say', { user, channel, text, ...(threadTs ? { threadTs } : {}) }),
    drawing: (view, reply, at) =>
      slackMessages(view, {
        reply,
        dismiss: ({ ts }) => act('slack-dismiss', { user: at().user, ts }),
        press: ({ ts }, pressed, values) => {
          const { value, action_id, text } = pressed;
          const button = { button: value ?? action_id, label: text?.text ?? '', values };
          return act('slack-press', { ...at(), ts, ...button });
        },
      }),
    modals: slackModals,
    modalsOf: ({ views }, { user }) => views.filter((view) => view.user === user),
    itemsOf: ({ messages }, { user, channel }) =>
      withThreads(
        messages.filter(
          (message) => message.channel === channel && (!message.ephemeralTo || message.ephemeralTo === user),
        ),
      ),
    keyOf: ({ message }) => `${message.ephemeralTo ?? ''} ${message.ts}`,
    read: (value) => {
      const named = [...Object.values(value.users), ...Object.values(value.channels)];
      return { ...value, names: Object.fromEntries(named.map(({ id, name }) => [id, name])) };
    },
  });
}
