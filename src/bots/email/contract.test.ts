import { createHmac } from 'node:crypto';
import { formOf } from '../../core/kernel/card.ts';
import { startMailStandIn } from '../../simulator/mail/index.ts';
import type { Acted, ChannelStage } from '../../testing/channel-contract.ts';
import { channelContract } from '../../testing/channel-contract.ts';
import type { ContractHub, ContractPerson } from '../../testing/contract-hub.ts';
import { openEmail } from './index.ts';
import { subjectOf, writeMail } from './write.ts';

const REPLY_TO = 'reply@northwind.example';
const AUTHSERV = 'mx.northwind.example';
const ROOM = 'team@acme.example';
const SECRET = 'the secret of the door for mails';
const IDS = { staff: 'ada@northwind.example', contact: 'nora@acme.example', stranger: 'somebody@acme.example' };

channelContract('email', begin);

async function begin(hub: ContractHub): Promise<ChannelStage> {
  const mail = await startMailStandIn({ hubAddress: REPLY_TO, authservId: AUTHSERV });
  const config = {
    ...{ from: 'hello@northwind.example', replyTo: REPLY_TO, smtpUrl: mail.smtpUrl, authservId: AUTHSERV },
    inboundSecret: SECRET,
  };
  const channel = await openEmail(config, hub.tools);
  await hub.connect(channel, { account: REPLY_TO, address: ROOM, identities: IDS });
  // People of mail are known by their address alone, whichever mailbox they write to.
  await hub.owner(`update identity set account = '' where provider = 'email' and account = $1`, [REPLY_TO]);
  let since = mail.mails().length;
  const sentTo = (address: string) =>
    mail.mailbox(address).filter((one) => one.direction === 'in' && mail.mails().indexOf(one) >= since);
  const mailOf = (ref: { id: string }) => mail.mailbox(ROOM).find(({ messageId }) => messageId === ref.id);

  /** Hands a mail to the hub, as the server does that it was delivered to. */
  const deliver = async (raw: Buffer, secret = SECRET, age = 0): Promise<number> => {
    const time = Math.floor(hub.app.clock.now().getTime() / 1_000) - age;
    const signature = createHmac('sha256', secret).update(`${time}.`).update(raw).digest('hex');
    const headers = { 'x-parley-signature': `t=${time},v1=${signature}` };
    const sent = secret ? headers : {};
    const { status } = await fetch(`${hub.url}/email/inbound`, {
      method: 'POST',
      headers: sent,
      body: new Uint8Array(raw),
    });
    return status === 202 ? 200 : status;
  };
  const write = async (by: ContractPerson, to: string, text: string, work: boolean): Promise<Acted> => {
    await mail.write(IDS[by], to, text);
    const raw = Buffer.from(mail.hubMails().at(-1)?.raw ?? '', 'base64');
    const handed = async () => {
      const status = await deliver(raw);
      if (work) await hub.work();
      return { status };
    };
    return { ...(await handed()), again: handed };
  };
  /** The word of the button that was pressed last: it sends its form as well. */
  let asking = '';
  const wordOf = (label: string) => (label.split(' ')[0] ?? '').toUpperCase().replaceAll(/[^A-Z]/g, '');
  return {
    channel,
    check: (card) => {
      const reader = { tenantId: hub.firm.tenantId, personId: hub.firm.acme.approver, cardId: crypto.randomUUID() };
      const drawn = { subject: subjectOf(card), lead: [], card, view: null, history: null };
      const { text, html } = writeMail({ app: hub.app, publicUrl: hub.tools.publicUrl }, reader, drawn);
      const labels = formOf(card)?.fields.map(({ label }) => label) ?? [];
      return [text && html ? '' : 'an empty mail', ...labels.filter((label) => !text.includes(label))].filter(Boolean);
    },
    shown: (ref) => mailOf(ref)?.text ?? null,
    onFace: () => [],
    press: (ref, label, by) => {
      asking = wordOf(label);
      return write(by, mailOf(ref)?.replyTo ?? '', asking, true);
    },
    pressNonsense: (ref, by) => write(by, mailOf(ref)?.replyTo ?? '', 'FINNISH', true),
    submit: async (typed, by) => {
      const asked = sentTo(IDS[by]).at(-1);
      return write(by, asked?.replyTo ?? '', `${asking} ${Object.values(typed).join('\n')}`, true);
    },
    told: (by) =>
      sentTo(IDS[by])
        .map(({ subject, text }) => `${subject}\n${text}`)
        .join('\n'),
    say: (text, by, thread) => write(by, (thread && mailOf(thread)?.replyTo) || REPLY_TO, text, false),
    drop: () => undefined,
    setOut: (isOut) => {
      if (isOut) mail.refuse(ROOM, { code: 550, text: '5.1.1 no such user' });
    },
    failNext: () => mail.refuse(ROOM, { code: 451, text: '4.3.0 come back later' }),
    forge: (how) =>
      deliver(
        Buffer.from('From: a@b.example\r\n\r\nHello'),
        how === 'wrong' ? 'another' : how === 'unsigned' ? '' : SECRET,
        how === 'old' ? 3_600 : 0,
      ),
    sendUnknown: async () => (await write('staff', REPLY_TO, 'Out of nothing', false)).status,
    reset: async () => {
      since = mail.mails().length;
      // One sender may write thirty mails an hour, all tests together more.
      await hub.owner(`update inbox set received_at = now() - interval '2 hours'`);
    },
    complaints: () => [],
    lacks: {
      find: 'SMTP does not say which mails of ours lie in a mailbox',
      edit: 'what was sent stays in a mailbox as it is, and nobody is told when it is deleted',
      thread: 'a mail that was deleted is still what others answer',
      'retry after': 'a server that is busy says so, and not until when',
      'account limit': 'each recipient’s server has limits of its own',
      'lost room': 'nobody is invited to a mailbox: what its server says is told to staff',
      outage: 'an answer waits in the mailbox or the inbox until it can be worked',
      'form for strangers': 'an address is linked from where its holder is known, not by a mail of anybody',
      'unreadable press': 'words that press nothing are said to the thing',
      face: 'every button is a word below the text',
      boxes: 'a mail shows none, so what is ticked is written behind the word',
      'stale form':
        'an answer fills in the form as it is when it arrives; what its mail showed of the thing is checked all the same',
    },
    close: () => mail.stop(),
  };
}
