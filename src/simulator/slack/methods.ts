import type { Arguments } from './arguments.ts';
import { history, replies } from './history.ts';
import { deleteMessage, postEphemeral, postMessage, updateMessage } from './messages.ts';
import type { Called } from './result.ts';
import { no, ok, text } from './result.ts';
import type { Workspace } from './state.ts';
import { openView, updateView } from './views.ts';

type Method = (workspace: Workspace, args: Arguments, now: number) => Called;

/** The methods by name; each changes the workspace and answers as Slack does. */
export const methods: Readonly<Record<string, Method>> = {
  'auth.test': ({ team, bot }) =>
    ok({
      url: `https://${team.domain}.slack.com/`,
      team: team.name,
      team_id: team.id,
      user: bot.name,
      user_id: bot.userId,
      bot_id: bot.botId,
    }),
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': updateMessage,
  'chat.delete': deleteMessage,
  'views.open': openView,
  'views.update': updateView,
  'conversations.history': history,
  'conversations.replies': replies,
  'conversations.info': channelInfo,
  'users.info': personInfo,
};

function channelInfo({ channels, bot }: Workspace, args: Arguments): Called {
  const channel = channels[text(args.channel)];
  if (!channel) return no('channel_not_found');
  const { id, name, members } = channel;
  return ok({
    channel: {
      id,
      name,
      is_private: channel.private,
      is_archived: channel.archived,
      is_member: members.includes(bot.userId),
    },
  });
}

function personInfo({ people }: Workspace, args: Arguments): Called {
  const person = people[text(args.user)];
  if (!person) return no('user_not_found');
  const { id, team, name } = person;
  return ok({
    user: {
      id,
      team_id: team,
      name: name.toLowerCase().replaceAll(' ', '.'),
      real_name: name,
      is_bot: false,
      profile: { real_name: name, display_name: '' },
    },
  });
}
