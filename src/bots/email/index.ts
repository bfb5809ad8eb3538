import type { EmailConfig } from '../../config.ts';
import type { Card, Press } from '../../core/kernel/card.ts';
import { signStop } from '../../core/kernel/links.ts';
import type { Channel, ChannelTools, Posting, Room } from '../channel.ts';
import { bounceAddress, cardMessageId, replyAddress, requireRoomForTags } from './address.ts';
import { watchMailbox } from './imap.ts';
import type { MailTools } from './mail-tools.ts';
import type { MailRef } from './posted.ts';
import { surroundingsOf } from './posted.ts';
import { openReader } from './read.ts';
import { receiver } from './receive.ts';
import type { Post } from './smtp.ts';
import { openSmtp } from './smtp.ts';
import { mountInbound } from './web.ts';
import { fingerprintOf, shownWords } from './words.ts';
import { workMail } from './work.ts';
import { answerSubject, subjectOf, writeMail } from './write.ts';

/**
 * Mail as a channel: cards go out with signed links and reply words, answers come in by IMAP or by HTTP.
 * @throws Error when the reply address leaves no room for tags
 */
export async function openEmail(config: EmailConfig, channelTools: ChannelTools): Promise<Channel> {
  requireRoomForTags(config.replyTo);
  const tools: MailTools = { ...channelTools, config };
  const { log } = tools.app;
  if (!config.authservId)
    log.warn('MAIL_AUTHSERV_ID is not set: no mail can be believed, and every answer by mail waits in quarantine');
  const post = openSmtp(config.smtpUrl, log, tools.egress);
  const receive = receiver(tools);
  const reader = openReader();
  const { imapUrl, inboundSecret } = config;
  return {
    name: 'email',
    account: config.replyTo,
    can: { edit: false },
    ...(inboundSecret ? { mount: (web) => mountInbound(web, { app: tools.app, secret: inboundSecret, receive }) } : {}),
    ...(imapUrl ? { listen: () => watchMailbox(imapUrl, tools, receive) } : {}),
    send: (room, card, posting) => sendCard(tools, post, room, card, posting),
    update: () => Promise.reject(new Error('a mail that was sent cannot be changed')),
    work: (item) => workMail({ ...tools, post, reader }, item),
  };
}

async function sendCard(
  tools: MailTools,
  post: Post,
  room: Room,
  card: Card,
  { cardId, thread }: Posting,
): Promise<MailRef> {
  const { app, config } = tools;
  const { firmName, view, history } = await surroundingsOf(app, room, cardId, thread);
  const root = thread as MailRef | null;
  const words = shownWords(card);
  const id = cardMessageId(config.replyTo, cardId);
  const subject = root ? answerSubject(root.subject) : subjectOf(card);
  const reader = { tenantId: room.tenantId, personId: room.personId, cardId };
  await post({
    ...writeMail(tools, reader, { subject, lead: [], card, view, history }),
    from: { name: firmName, address: config.from },
    to: room.address,
    replyTo: replyAddress(app.secrets, config.replyTo, cardId, fingerprintOf(words)),
    returnPath: bounceAddress(app.secrets, config.replyTo, cardId),
    messageId: id,
    inReplyTo: root?.root ?? null,
    references: root ? [...new Set([root.root, root.id])] : [],
    automatic: 'auto-generated',
    date: app.clock.now(),
    stopUrl: stopUrlOf(tools, reader, view),
  });
  return { id, root: root?.root ?? id, subject: root?.subject ?? subject, words };
}

/** Where mails like this one are stopped; null for those that somebody must be told, and for a mailbox of nobody in particular. */
function stopUrlOf(
  { app, publicUrl }: MailTools,
  { tenantId, personId }: { tenantId: string; personId: string | null },
  view: Press | null,
): string | null {
  const what = view && app.registry.views.get(view.target)?.stops;
  return what && personId ? `${publicUrl}/stop/${signStop(app.secrets, { tenantId, personId, what })}` : null;
}
