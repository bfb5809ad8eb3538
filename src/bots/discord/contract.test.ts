import { formOf } from '../../core/kernel/card.ts';
import type { DiscordStandIn } from '../../simulator/discord/index.ts';
import { startDiscordStandIn } from '../../simulator/discord/index.ts';
import type { Message } from '../../simulator/discord/state.ts';
import { partsOf, textsOn } from '../../simulator/discord/state.ts';
import type { Acted, ChannelStage } from '../../testing/channel-contract.ts';
import { channelContract } from '../../testing/channel-contract.ts';
import type { ContractHub, ContractPerson } from '../../testing/contract-hub.ts';
import { pagesOf, renderModal } from './form.ts';
import { INTERACTIONS_PATH, openDiscord } from './index.ts';
import { checkComponents, checkModal } from './limits.ts';
import { marksOf } from './mark.ts';
import { renderMessage } from './render.ts';

channelContract('discord', begin);

async function begin(hub: ContractHub): Promise<ChannelStage> {
  const door = `${hub.url}${INTERACTIONS_PATH}`;
  const discord = await startDiscordStandIn({ interactionsUrl: door });
  const guild = discord.addGuild('Northwind', ['Ada Admin', 'Acme Approver', 'New Person']);
  const [staff = '', contact = '', stranger = ''] = guild.members.map(({ id }) => id);
  const ids = { staff, contact, stranger };
  const room = discord.addChannel(guild, 'acme');
  const { botToken, publicKey, applicationId, apiUrl } = discord;
  const open = () => openDiscord({ botToken, publicKey, applicationId, apiUrl }, hub.tools);
  let channel = await open();
  await hub.connect(channel, { account: guild.id, address: room.id, identities: { staff, contact } });
  const stop = await channel.listen?.();
  await discord.until(() => discord.connected() === 1, 'the gateway');
  const messages = () => discord.state().channels.flatMap((one) => one.messages);
  const acted = (sent: Awaited<ReturnType<DiscordStandIn['press']>>): Acted => ({
    status: sent.status,
    again: () => discord.resend(sent),
  });
  /** The messages at which the test stands, so that what was said before is not heard again. */
  let from = messages().length;
  return {
    // A fresh one after a pause: the library keeps to it without asking Discord again.
    get channel() {
      return channel;
    },
    check: (card) => {
      const form = formOf(card);
      const modals = form ? pagesOf(form).map((_, page) => renderModal(card, form, page, form.submit.press)) : [];
      return [...checkComponents(renderMessage(card, marksOf('card'))), ...modals.flatMap(checkModal)];
    },
    shown: ({ id }) => {
      const message = messages().find((one) => one.id === id);
      return message ? textsOn(message) : null;
    },
    onFace: ({ id }) => {
      const parts = (messages().find((one) => one.id === id)?.components ?? []).flatMap(partsOf);
      return parts.flatMap(({ type, label, url }) => (type === 2 && !url ? [String(label)] : []));
    },
    press: async ({ id }, label, by) => acted(await discord.press(id, label, ids[by])),
    pressNonsense: async ({ id }, by) => {
      const message = messages().find((one) => one.id === id) as Message;
      message.components = [{ type: 1, components: [{ type: 2, style: 1, label: 'Old', custom_id: 'approve-v0:17' }] }];
      return acted(await discord.press(id, 'Old', ids[by]));
    },
    submit: async (typed, by) => {
      if (!discord.modalOf(ids[by])) await reopen(by);
      return acted(await discord.submit(discord.modalOf(ids[by])?.id ?? '', typed, ids[by]));
    },
    told: (by) => {
      const alone = messages().filter(({ onlyFor }) => onlyFor === ids[by]);
      const said = messages()
        .slice(from)
        .filter(
          (one) => !one.from && messages().some(({ id, from: author }) => id === one.replyTo && author?.id === ids[by]),
        );
      const modals = discord.state().modals.filter(({ user }) => user === ids[by]);
      return [...[...alone, ...said].map(textsOn), ...modals.map(({ data }) => JSON.stringify(data))].join('\n');
    },
    say: async (text, by, thread) => {
      const message = discord.say(room.id, text, ids[by], thread ? { thread: thread.id } : {});
      return { status: 0, again: async () => ({ status: discord.tellAgain(message.id) }) };
    },
    drop: ({ id }) => {
      for (const one of discord.state().channels) one.messages = one.messages.filter((message) => message.id !== id);
    },
    setOut: (isOut) => {
      room.visible = !isOut;
    },
    failNext: ({ retryAfter, whole = false, status = 500, lost = false }) =>
      discord.failNext(retryAfter ? { status: 429, retryAfter, global: whole } : { status, lost }),
    forge: async (how) => {
      const body = JSON.stringify({ type: 1 });
      const old = Math.floor(Date.now() / 1_000) - 302;
      const signed = how === 'old' ? discord.sign(body, old) : discord.sign(how === 'wrong' ? `${body} ` : body);
      const headers = { 'content-type': 'application/json', ...(how === 'unsigned' ? {} : signed) };
      return (await fetch(door, { method: 'POST', headers, body })).status;
    },
    sendUnknown: async () => (await discord.deliver({ type: 77, id: '1', guild_id: guild.id })).status,
    reset: async () => {
      for (const one of discord.state().channels) one.messages = one.messages.filter(({ onlyFor }) => !onlyFor);
      discord.state().modals = [];
      from = messages().length;
      channel = await open();
    },
    complaints: () => discord.complaints,
    close: async () => {
      await stop?.();
      await discord.stop();
    },
  };

  /** A form that came back stands in a message with a button that opens it again. */
  async function reopen(by: ContractPerson): Promise<void> {
    const form = messages().findLast(({ onlyFor, components }) => onlyFor === ids[by] && components.length) as Message;
    const button = JSON.stringify(form.components).match(/"label":"(Change…|Fill in…)"/)?.[1] ?? '';
    await discord.press(form.id, button, ids[by]);
  }
}
