import type { z } from 'zod';
import type { Press } from '../../core/kernel/card.ts';
import { decodePress, withWords } from '../../core/kernel/card.ts';
import type { Words } from '../../core/kernel/words.ts';
import type { Pressed, Sender } from '../channel.ts';
import type { Opened } from './form.ts';
import { readInputId } from './form.ts';
import type { FormButton, Typed } from './form-message.ts';
import { readFormButton } from './form-message.ts';
import type { Kept } from './kept.ts';
import { keep, UNREADABLE_PRESS } from './kept.ts';
import type { Interacted } from './payloads.ts';
import { CommandInteraction, ComponentInteraction, embedsOf, ModalInteraction } from './payloads.ts';
import { MORE } from './render.ts';

/** Where an answer goes. Its token takes answers for a quarter of an hour. */
export interface Where {
  interaction: string;
  token: string;
  /** The message on which it happened: everybody's, one that this person alone sees, or a form of theirs; null for a command. */
  on: 'shared' | 'own' | 'form' | null;
}

/** An interaction that somebody waits to be answered. */
export type Awaited =
  | { kind: 'button' | 'command'; pressed: Pressed; where: Where }
  | { kind: 'form-button'; who: Sender; requestId: string; asks: FormButton; typed: Typed[]; where: Where }
  | { kind: 'submission'; pressed: Pressed; opened: Opened; page: string[]; earlier: Typed[]; where: Where }
  /** A button or form that this version cannot read. */
  | { kind: 'unreadable'; kept: Kept; where: Where }
  /** In a chat with the bot alone: it belongs to no server, so nobody can say to which firm. */
  | { kind: 'nowhere'; where: Where };

/** A request of Discord, in our words. */
export type DiscordRequest = Awaited | { kind: 'ping' } | { kind: 'kept'; kept: Kept; answer: object };

/** Components v2, and a message that one person alone sees: the flags of a message. */
export const FLAGS = { ephemeral: 1 << 6, v2: 1 << 15 } as const;

const PING = 1;
const AUTOCOMPLETE = 4;

/** Reads what Discord sent, by its door or by the gateway. */
export function parseInteraction(body: unknown, words: Words): DiscordRequest {
  const type = typeof body === 'object' && body !== null && 'type' in body ? body.type : undefined;
  if (type === PING) return { kind: 'ping' };
  const read =
    reading(CommandInteraction, body, (command, who, where) => fromCommand(command, who, where, words)) ??
    reading(ComponentInteraction, body, fromComponent) ??
    reading(ModalInteraction, body, fromModal);
  if (read) return read;
  // A list that is filled while one types waits for its choices; everything else is told something.
  const answer = type === AUTOCOMPLETE ? { type: 8, data: { choices: [] } } : { type: 6 };
  return { kind: 'kept', kept: keep(body), answer };
}

function reading<T extends Interacted>(
  schema: z.ZodType<T>,
  body: unknown,
  then: (interaction: T, who: Sender, where: Where) => Awaited,
): Awaited | null {
  const parsed = schema.safeParse(body);
  if (!parsed.success) return null;
  const where = whereOf(parsed.data);
  const who = senderOf(parsed.data);
  return who ? then(parsed.data, who, where) : { kind: 'nowhere', where };
}

function whereOf({ id, token, message }: Interacted): Where {
  const flags = message?.flags ?? 0;
  const on = flags & FLAGS.ephemeral ? (flags & FLAGS.v2 ? 'own' : 'form') : 'shared';
  return { interaction: id, token, on: message ? on : null };
}

function senderOf({ guild_id: guild, member }: Interacted): Sender | null {
  if (!guild || !member) return null;
  return { ...sender(guild, member.user, member.nick), manages: manages(member.permissions ?? '') };
}

/** Administrator or Manage Server (docs.discord.com: topics/permissions): who may add a bot. */
const MANAGING = 0x8n | 0x20n;

function manages(permissions: string): boolean {
  return /^\d{1,40}$/.test(permissions) && (BigInt(permissions) & MANAGING) !== 0n;
}

/** A person is known by their id in all of Discord, a firm by its server. */
export function sender(
  guild: string,
  user: { id: string; username?: string | null | undefined; global_name?: string | null | undefined },
  nick?: string | null,
): Sender {
  const name = nick || user.global_name || user.username;
  return {
    install: { tool: 'discord', account: guild },
    provider: 'discord',
    account: guild,
    externalId: user.id,
    assurance: 'chat',
    ...(name ? { name } : {}),
  };
}

/** The channel of a server in which it happened. */
function inRoom({ guild_id: account, channel_id: address }: Interacted): Pick<Pressed, 'place'> {
  return account && address ? { place: { channel: 'discord', account, address } } : {};
}

/** What is shown to whoever says nothing that is known. */
const HELP: Press = { target: 'home.help', input: {} };

const requestIdOf = ({ id }: Interacted) => `discord:${id}`;

function fromCommand(
  interaction: z.infer<typeof CommandInteraction>,
  who: Sender,
  where: Where,
  words: Words,
): Awaited {
  const [given] = interaction.data.options ?? [];
  const { press: view, takes } = words.get(given?.name ?? 'help') ?? { press: HELP };
  const rest = given?.options?.find(({ name }) => name === takes)?.value;
  const press = takes && typeof rest === 'string' ? withWords(view, takes, rest) : view;
  return {
    kind: 'command',
    pressed: { who, press, requestId: requestIdOf(interaction), ...inRoom(interaction) },
    where,
  };
}

function fromComponent(interaction: z.infer<typeof ComponentInteraction>, who: Sender, where: Where): Awaited {
  const { data, message } = interaction;
  const requestId = requestIdOf(interaction);
  const asks = readFormButton(data.custom_id, message.components);
  if (asks) return { kind: 'form-button', who, requestId, asks, typed: embedsOf(message.embeds), where };
  const press = decodePress(data.custom_id === MORE ? (data.values?.[0] ?? '') : data.custom_id);
  return press
    ? { kind: 'button', pressed: { who, press, requestId, ...inRoom(interaction) }, where }
    : { kind: 'unreadable', kept: keep(interaction, UNREADABLE_PRESS), where };
}

function fromModal(interaction: z.infer<typeof ModalInteraction>, who: Sender, where: Where): Awaited {
  const { data, message } = interaction;
  const press = decodePress(data.custom_id);
  if (!press) return { kind: 'unreadable', kept: keep(interaction, UNREADABLE_PRESS), where };
  const form: Record<string, string> = {};
  const page: string[] = [];
  let opened: Opened = { page: 0, pages: 1, view: null };
  for (const { component } of data.components) {
    if (!component) continue;
    const { name, opened: said } = readInputId(component.custom_id);
    if (said) opened = said;
    page.push(name);
    const value = component.value || component.values?.join(',');
    // What is chosen in the lists of one field is one answer; in a list, that nothing is chosen is one as well.
    if (value) form[name] = form[name] ? `${form[name]},${value}` : value;
    else if (component.values) form[name] ??= '';
  }
  return {
    kind: 'submission',
    pressed: { who, press, requestId: requestIdOf(interaction), form, ...inRoom(interaction) },
    opened,
    page,
    earlier: embedsOf(message?.embeds),
    where,
  };
}
