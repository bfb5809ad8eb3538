import { startSlackStandIn } from '../../simulator/slack/index.ts';
import { recordOf, signature } from '../../simulator/slack/requests.ts';
import type { Acted, ChannelStage } from '../../testing/channel-contract.ts';
import { channelContract } from '../../testing/channel-contract.ts';
import type { ContractHub } from '../../testing/contract-hub.ts';
import { openSlack } from './index.ts';
import { checkBlocks, checkView } from './limits.ts';
import { renderMessage, renderModal } from './render.ts';

const SECRET = 'a signing secret';
const ROOM = 'C0CONTRACT';
const IDS = { staff: 'U0STAFF', contact: 'U0CONTACT', stranger: 'U0STRANGER' };

channelContract('slack', begin);

async function begin(hub: ContractHub): Promise<ChannelStage> {
  const eventsUrl = `${hub.url}/slack/events`;
  const slack = await startSlackStandIn({ signingSecret: SECRET, eventsUrl, team: 'T0CONTRACT' });
  for (const [name, id] of Object.entries(IDS)) slack.addPerson(id, name);
  const room = slack.addChannel(ROOM, 'acme', Object.values(IDS));
  const config = { botToken: slack.botToken, signingSecret: SECRET, apiUrl: slack.apiUrl };
  const channel = await openSlack(config, hub.tools);
  await hub.connect(channel, { account: slack.team, address: ROOM, identities: IDS });
  const messageOf = (id: string) => room.messages.find(({ ts }) => ts === id);
  const acted = ({ status, recorded }: Awaited<ReturnType<typeof slack.pressButton>>): Acted => ({
    status,
    again: () => slack.resend(recorded),
  });
  return {
    channel,
    check: (card) => [
      ...checkBlocks(renderMessage(card).blocks, 'message'),
      ...checkView(renderModal(card, 'metadata')),
    ],
    shown: ({ id }) => {
      const message = messageOf(id);
      return message ? JSON.stringify(message.blocks) : null;
    },
    onFace: ({ id }) => {
      const elements = (messageOf(id)?.blocks ?? []).flatMap((one) => (one.type === 'actions' ? one.elements : []));
      return elements.flatMap(({ type, url, text }) => (type === 'button' && !url ? [text.text] : []));
    },
    press: async ({ id }, label, by) => acted(await slack.pressButton(ROOM, id, label, IDS[by])),
    pressNonsense: async ({ id }, by) => {
      for (const block of messageOf(id)?.blocks ?? []) if (block.type === 'actions') block.elements[0].value = 'v0:17';
      return acted(await slack.pressButton(ROOM, id, 'Finish', IDS[by]));
    },
    submit: async (typed, by) => {
      const modal = slack.workspace.modals.find(({ user }) => user === IDS[by]);
      return acted(await slack.submitModal(modal?.id ?? '', typed, IDS[by]));
    },
    told: (by) => {
      const { ephemerals, modals } = slack.workspace;
      const own = [...ephemerals, ...modals].filter(({ user }) => user === IDS[by]);
      return own.map((one) => JSON.stringify(one)).join('\n');
    },
    say: async (text, by, thread) => acted(await slack.say(ROOM, text.replace('&', '&amp;'), IDS[by], thread?.id)),
    drop: ({ id }) => {
      room.messages = room.messages.filter(({ ts }) => ts !== id);
    },
    setOut: (isOut) => {
      room.archived = isOut;
    },
    failNext: ({ retryAfter, status, lost }) =>
      slack.failNext('*', retryAfter ? { retryAfter } : lost ? { lost } : { status: status ?? 500 }),
    forge: async (how) => {
      const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
      const at = Math.floor(Date.now() / 1_000) - (how === 'old' ? 302 : 0);
      const headers = {
        'content-type': 'application/json',
        'x-slack-request-timestamp': String(at),
        'x-slack-signature': signature(how === 'wrong' ? 'another secret' : SECRET, at, body),
      };
      const { 'content-type': type } = headers;
      const sent = how === 'unsigned' ? { 'content-type': type } : headers;
      return (await fetch(eventsUrl, { method: 'POST', headers: sent, body })).status;
    },
    sendUnknown: async () =>
      (await slack.resend(recordOf('button', { type: 'hologram_opened', team: { id: slack.team } }))).status,
    reset: async () => {
      slack.clear();
      slack.workspace.ephemerals = [];
      slack.workspace.modals = [];
    },
    complaints: () => slack.complaints,
    close: () => slack.stop(),
  };
}
