import { randomUUID } from 'node:crypto';
import { startTeamsStandIn } from '../../simulator/teams/index.ts';
import { textsOn } from '../../simulator/teams/set-up.ts';
import type { Recorded, User } from '../../simulator/teams/state.ts';
import type { Acted, ChannelStage } from '../../testing/channel-contract.ts';
import { channelContract } from '../../testing/channel-contract.ts';
import type { ContractHub, ContractPerson } from '../../testing/contract-hub.ts';
import { MESSAGES_PATH, openTeams } from './index.ts';
import { checkCard } from './limits.ts';
import { render } from './render.ts';

channelContract('teams', begin);

async function begin(hub: ContractHub): Promise<ChannelStage> {
  const [appId, appPassword] = [randomUUID(), randomUUID()];
  const teams = await startTeamsStandIn({ appId, appPassword, messagesUrl: `${hub.url}${MESSAGES_PATH}` });
  const config = { appId, appPassword, loginUrl: teams.loginUrl, openIdUrl: teams.openIdUrl };
  const channel = await openTeams(config, hub.tools);
  const [staff, contact, stranger] = ['Ada Admin', 'Acme Approver', 'Somebody'].map(teams.addUser) as [
    User,
    User,
    User,
  ];
  const users = { staff, contact, stranger };
  const room = teams.addConversation({ kind: 'channel', name: 'Acme', members: Object.values(users) });
  const identities = { staff: staff.aadObjectId, contact: contact.aadObjectId };
  await hub.connect(channel, { account: teams.tenantId, address: room.id, identities });
  const installed = await teams.install(room.id, staff);
  const told = new Map<ContractPerson, string>();
  /** On which message a person last pressed: a form stands in its place for them. */
  const pressedOn = new Map<ContractPerson, string>();
  const messageOf = (id: string) => room.messages.find((one) => one.id === id);
  const acted = (by: ContractPerson, recorded: Recorded): Acted => {
    const { value } = (recorded.body ?? {}) as { value?: unknown };
    told.set(by, typeof value === 'string' ? value : textsOn(value).join('\n'));
    return { status: recorded.status, again: () => teams.resend(recorded) };
  };
  const buttonOf = (id: string, by: ContractPerson) => {
    const card = teams.seen(room.id, id, users[by]);
    return String((card?.actions as { title: string }[] | undefined)?.[0]?.title);
  };
  return {
    channel,
    lacks: {
      find: 'the Bot Connector gives no list of messages',
      thread: 'a reply to a message that is gone is refused with the same code as a room that is gone',
      old: 'tokens say themselves until when they are good (authentication.test.ts)',
      'account limit': 'Teams does not say whether it was the room or the bot that asked too often',
    },
    check: (card) => checkCard(render(card)),
    shown: ({ id }) => {
      const message = messageOf(id);
      return message ? textsOn(message.card).join('\n') : null;
    },
    onFace: ({ id }) => {
      const actions = (messageOf(id)?.card?.actions ?? []) as { type: string; title: string; mode?: string }[];
      return actions.flatMap(({ type, title, mode }) => (type === 'Action.Execute' && !mode ? [title] : []));
    },
    press: async ({ id }, label, by) => {
      pressedOn.set(by, id);
      return acted(by, await teams.pressButton(room.id, id, label, users[by]));
    },
    pressNonsense: async ({ id }, by) =>
      acted(by, await teams.pressAction(room.id, id, { data: { press: 'v0:17' } }, users[by])),
    submit: async (typed, by) => {
      const id = pressedOn.get(by) ?? '';
      return acted(by, await teams.pressButton(room.id, id, buttonOf(id, by), users[by], typed));
    },
    told: (by) => {
      const answers = room.messages.filter(({ from, thread }) => {
        const said = room.messages.filter((one) => one.from?.id === users[by].id);
        return !from && said.some((one) => one.thread === thread);
      });
      return [told.get(by) ?? '', ...answers.map(({ text, card }) => text ?? textsOn(card).join('\n'))]
        .join('\n')
        .trim();
    },
    say: async (text, by, thread) => {
      const recorded = await teams.say(room.id, text, users[by], thread?.id ?? null, false);
      return { status: recorded.status, again: () => teams.resend(recorded) };
    },
    drop: ({ id }) => {
      room.messages = room.messages.filter((one) => one.id !== id);
    },
    setOut: (isOut) => {
      room.installed = !isOut;
    },
    failNext: ({ retryAfter, status = 500 }) =>
      teams.failNext(retryAfter ? { status: 429, retryAfter } : { status, code: 'BadGateway' }),
    forge: async (how) => {
      const { activity } = await teams.deliver({ type: 'event', id: '1' });
      const authorization = how === 'unsigned' ? null : `Bearer ${teams.token({ aud: randomUUID() })}`;
      return (await teams.deliver(activity, authorization)).status;
    },
    sendUnknown: async () => {
      const unknown = { type: 'invoke', name: 'hologram/open', id: 'unknown', value: {}, membersAdded: undefined };
      return (await teams.deliver({ ...installed.activity, ...unknown })).status;
    },
    reset: async () => {
      told.clear();
      room.messages = room.messages.filter(({ from }) => !from);
    },
    complaints: () => [],
    close: () => teams.stop(),
  };
}
