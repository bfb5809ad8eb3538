import { textsOn } from '../simulator/discord/state.ts';
import type { User } from '../simulator/teams/state.ts';
import type { FirmInBrowser } from './firm-in-browser.ts';
import {
  arrivedInDiscord,
  filledInTeams,
  inDiscord,
  linkInDiscord,
  linkInSlack,
  linkInTeams,
  submitted,
  typedInSlack,
  waited,
} from './firm-in-channels.ts';

export type Tool = 'slack' | 'teams' | 'discord';

const accountsOf = ({ guild, conversation, discord }: FirmInBrowser) => ({
  inDiscord: guild.members.map(({ id }) => id) as [string, string],
  inTeams: conversation.members as [User, User],
  channel: String(discord.state().channels.find((one) => one.guild === guild.id)?.id),
});

/** The administrator binds the client's rooms in Teams and Discord, and the client's contact links an account in each tool. */
export async function joinEverywhere(firm: FirmInBrowser): Promise<void> {
  const { client, email, contact, discord, conversation } = firm;
  const { inDiscord: users, inTeams, channel } = accountsOf(firm);
  const readers = `${client} and the firm`;
  const name = `#${client.toLowerCase()}`;
  await linkInDiscord(firm, users[0], channel, email);
  await discord.command('bind', users[0], channel);
  await submitted(firm, users[0], { readers, name });
  await linkInDiscord(firm, users[1], channel, contact);
  await linkInTeams(firm, conversation, inTeams[0], email);
  const bind = { word: 'bind', opens: 'Bind this channel…', sends: 'Bind' };
  await filledInTeams(firm, conversation, inTeams[0], bind, { readers, name });
  await linkInTeams(firm, conversation, inTeams[1], contact);
  await linkInSlack(firm, 'U0CONTACT', 'C0CLIENT', contact);
}

/** Where a card of the firm's stands in its triage room in Slack; waits until it says something. */
export function inTriage({ slack }: FirmInBrowser, title: string, says = title) {
  const look = () =>
    slack.workspace.channels.C0TRIAGE?.messages.find(({ blocks }) => {
      const text = JSON.stringify(blocks);
      return text.includes(title) && text.includes(says);
    });
  return waited(look, `“${says}” of “${title}” in the triage room of ${slack.team}`);
}

/**
 * The contact files a report in a tool and presses its button there; in between the firm approves it in triage, which the
 * contact's card shows. Everything is said in the firm's own name.
 */
export async function filedAndPressed(firm: FirmInBrowser, tool: Tool, title: string): Promise<void> {
  await FILES[tool](firm, title);
  const card = await inTriage(firm, title);
  await firm.slack.pressButton('C0TRIAGE', card.ts, 'Approve', 'U0ADMIN');
  await inTriage(firm, title, 'Approved');
  await PRESSES[tool](firm, title, `Pressed on ${title}`);
  await waited(
    () => JSON.stringify(firm.slack.workspace.channels.C0TRIAGE?.messages).includes(`Pressed on ${title}`),
    `the answer to ${title} in triage`,
  );
}

type Act = (firm: FirmInBrowser, title: string, words: string) => Promise<void>;

const FILES: Record<Tool, (firm: FirmInBrowser, title: string) => Promise<void>> = {
  slack: async (firm, title) => {
    await firm.slack.slashCommand(`bug ${title}`, 'U0CONTACT', 'C0CLIENT');
    const project = `${firm.client} website`;
    await typedInSlack(firm, 'U0CONTACT', /Report a bug/, { project, description: `It is about ${firm.client}.` });
  },
  teams: async (firm, title) => {
    const { inTeams } = accountsOf(firm);
    const bug = { word: `bug ${title}`, opens: 'Report a bug…', sends: 'Report' };
    const typed = { project: `${firm.client} website`, description: `It is about ${firm.client}.` };
    await filledInTeams(firm, firm.conversation, inTeams[1], bug, typed);
  },
  discord: async (firm, title) => {
    const { inDiscord: users, channel } = accountsOf(firm);
    const { discord, client } = firm;
    await discord.command('bug', users[1], channel, title);
    await submitted(firm, users[1], { project: `${client} website`, description: `It is about ${client}.` });
    // The form has a second page, of which nothing is needed.
    const form = await waited(
      () =>
        discord.seen(channel, users[1]).findLast(({ components }) => JSON.stringify(components).includes('"Report"')),
      'the form in Discord',
    );
    await discord.press(form.id, 'Report', users[1]);
  },
};

const PRESSES: Record<Tool, Act> = {
  slack: async (firm, title, body) => {
    const card = await waited(
      () =>
        firm.slack.workspace.channels.C0CLIENT?.messages.find(
          ({ blocks }) => JSON.stringify(blocks).includes(title) && JSON.stringify(blocks).includes('Approved'),
        ),
      `${title} as approved in Slack`,
    );
    await firm.slack.pressButton('C0CLIENT', card.ts, 'Reply…', 'U0CONTACT');
    await typedInSlack(firm, 'U0CONTACT', /Reply on/, { body });
  },
  teams: async (firm, title, body) => {
    const { inTeams } = accountsOf(firm);
    const { conversation, teams } = firm;
    const card = await waited(
      () =>
        conversation.messages.find(
          ({ from, card }) =>
            from === null && JSON.stringify(card).includes(title) && JSON.stringify(card).includes('Approved'),
        ),
      `${title} as approved in Teams`,
    );
    await teams.pressButton(conversation.id, card.id, 'Reply…', inTeams[1]);
    await teams.pressButton(conversation.id, card.id, 'Send', inTeams[1], { body });
  },
  discord: async (firm, title, body) => {
    const { inDiscord: users } = accountsOf(firm);
    const card = await arrivedInDiscord(firm, title);
    await waited(() => textsOn(inDiscord(firm, title) ?? card).includes('Approved'), `${title} as approved in Discord`);
    await firm.discord.press(card.id, 'Reply…', users[1]);
    await submitted(firm, users[1], { body });
  },
};
