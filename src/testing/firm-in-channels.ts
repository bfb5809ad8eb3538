import { textsOn as textsInDiscord } from '../simulator/discord/state.ts';
import type { Conversation, Message, User } from '../simulator/teams/state.ts';
import type { FirmInBrowser } from './firm-in-browser.ts';

/** What people of a firm and of its client do in Teams and in Discord, as in their own programs. */
const MOST = 40_000;

/** The newest code that somebody was mailed to link an account, among those after the first so many mails. */
async function mailedCode({ mail }: FirmInBrowser, email: string, after: number): Promise<string> {
  const letter = await mail.until(
    () =>
      mail
        .mailbox(email)
        .slice(after)
        .find(({ text }) => /Your code is \d{4} \d{4}/.test(text)),
    `the mail with a code to ${email}`,
    MOST,
  );
  return /\d{4} \d{4}/.exec(letter.text)?.[0] ?? '';
}

/** An account is linked by a job: until the person is told of it, what they do there is done by nobody known. */
async function told({ mail }: FirmInBrowser, email: string, after: number, tool: string): Promise<void> {
  const text = `A ${tool} account was linked to you`;
  await mail.until(
    () =>
      mail
        .mailbox(email)
        .slice(after)
        .find((letter) => letter.text.includes(text)),
    `the mail to ${email} that a ${tool} account is linked`,
    MOST,
  );
}

/** Links the Discord account of somebody, by what they typed there. */
export async function linkInDiscord(firm: FirmInBrowser, user: string, channel: string, email: string): Promise<void> {
  const { discord, mail } = firm;
  const before = mail.mailbox(email).length;
  await discord.command('link', user, channel);
  await submitted(firm, user, { email });
  const asked = await discord.until(
    () => discord.seen(channel, user).findLast(({ components }) => JSON.stringify(components).includes('Enter code')),
    'the way to enter the code',
  );
  const code = await mailedCode(firm, email, before);
  await discord.press(asked.id, 'Enter code', user);
  await submitted(firm, user, { code });
  await told(firm, email, before, 'Discord');
}

/** Sends the modal that stands on somebody's screen. */
export async function submitted(
  { discord }: FirmInBrowser,
  user: string,
  typed: Record<string, string>,
): Promise<void> {
  const modal = await discord.until(() => discord.modalOf(user), 'a form in Discord');
  await discord.submit(modal.id, typed, user);
}

/** The bot's message in a channel of Discord that holds a text, for everybody or in a thread. */
export function inDiscord({ discord, guild }: FirmInBrowser, text: string) {
  const channels = discord.state().channels.filter((one) => one.guild === guild.id);
  return channels
    .flatMap(({ messages }) => messages)
    .find((one) => !one.onlyFor && !one.from && textsInDiscord(one).includes(text));
}

/** Waits for it, longer than the stand-in does by itself. */
export async function arrivedInDiscord(firm: FirmInBrowser, text: string) {
  return waited(() => inDiscord(firm, text), `${text} in Discord`);
}

export async function waited<T>(look: () => T | null | undefined | false, what: string): Promise<T> {
  for (const end = Date.now() + MOST; ; ) {
    const found = look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Writes a word to Parley in a room of Teams, and gives the message with which it answered: one with a button of such a title. */
async function offered(
  { teams }: FirmInBrowser,
  room: Conversation,
  by: User,
  { text, button }: { text: string; button: RegExp },
): Promise<Message> {
  const before = room.messages.length;
  await teams.say(room.id, text, by);
  // Cards of what others do meanwhile come there too.
  return waited(
    () =>
      room.messages.slice(before).find(({ from, card }) => from === null && button.test(JSON.stringify(card ?? null))),
    `an answer to ${text} in Teams`,
  );
}

/** Opens a word's form in a room of Teams, fills it in and sends it. */
export async function filledInTeams(
  firm: FirmInBrowser,
  room: Conversation,
  by: User,
  { word, opens, sends }: { word: string; opens: string; sends: string },
  typed: Record<string, string>,
): Promise<void> {
  const { id } = await offered(firm, room, by, { text: word, button: new RegExp(`"title":"${opens}"`) });
  await firm.teams.pressButton(room.id, id, opens, by);
  const seen = firm.teams.seen(room.id, id, by);
  const values = Object.entries(typed).map(([name, text]) => [name, chosen(seen, text) ?? text]);
  await firm.teams.pressButton(room.id, id, sends, by, Object.fromEntries(values) as Record<string, string>);
}

/** What stands behind a choice of this title on a card. */
function chosen(part: unknown, title: string): string | null {
  if (typeof part !== 'object' || part === null) return null;
  if ('title' in part && part.title === title && 'value' in part && Object.keys(part).length === 2)
    return String(part.value);
  for (const inner of Object.values(part)) {
    const found = chosen(inner, title);
    if (found !== null) return found;
  }
  return null;
}

/** Links the Teams account of somebody. */
export async function linkInTeams(firm: FirmInBrowser, room: Conversation, by: User, email: string): Promise<void> {
  const before = firm.mail.mailbox(email).length;
  const { id } = await offered(firm, room, by, { text: 'link', button: /"title":"(Link my account…|Send code)"/ });
  const press = (title: string, typed: Record<string, string> = {}) =>
    firm.teams.pressButton(room.id, id, title, by, typed);
  if (!JSON.stringify(firm.teams.seen(room.id, id, by)).includes('Send code')) await press('Link my account…');
  await press('Send code', { email });
  const code = await mailedCode(firm, email, before);
  await press('Enter code');
  await press('Link account', { code });
  await told(firm, email, before, 'Teams');
}

/** Links the Slack account of somebody. */
export async function linkInSlack(firm: FirmInBrowser, user: string, channel: string, email: string): Promise<void> {
  const { slack, mail } = firm;
  const before = mail.mailbox(email).length;
  await slack.slashCommand('link', user, channel);
  await typedInSlack(firm, user, /Link your account/, { email });
  const asked = await slack.until(
    () => slack.workspace.ephemerals.find((one) => one.user === user && JSON.stringify(one).includes('Enter code')),
    'the way to enter the code',
    MOST,
  );
  const code = await mailedCode(firm, email, before);
  await slack.pressButton(channel, asked.ts, 'Enter code', user);
  await typedInSlack(firm, user, /Enter the code|Code from the mail/, { code });
  await told(firm, email, before, 'Slack');
}

export async function typedInSlack(
  { slack }: FirmInBrowser,
  user: string,
  title: RegExp,
  values: Record<string, string>,
): Promise<void> {
  const form = await slack.until(
    () => slack.workspace.modals.find((one) => title.test(JSON.stringify(one.view))),
    `the form ${title}`,
    MOST,
  );
  await slack.submitModal(form.id, values, user);
}
