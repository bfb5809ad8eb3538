import type { ImapFlow } from 'imapflow';
import { connectionOf, keepCursor } from './cursor.ts';
import { LIMITS } from './limits.ts';
import type { MailTools } from './mail-tools.ts';
import type { Receive } from './receive.ts';

/**
 * Takes what came since the cursor, and what is unread: somebody may have opened a mail in a mail program before us.
 * @param taken what this process has stored already, so that one mail which cannot be stored does not bring back others
 */
export async function takeAll(
  client: ImapFlow,
  { app, config }: MailTools,
  receive: Receive,
  taken: Set<string>,
): Promise<void> {
  const { mailbox } = client;
  if (!mailbox) return;
  const connection = await connectionOf(app, config.replyTo);
  if (!connection) {
    app.log.warn({ account: config.replyTo }, 'no firm has connected the reply address: its mails wait in the mailbox');
    return;
  }
  const { cursor } = connection;
  const uidValidity = String(mailbox.uidValidity);
  // Without a cursor the mailbox may be years old: only what is unread in it counts. Numbers of another UIDVALIDITY
  // mean nothing, so everything is looked at again; what was stored before is known by its Message-ID.
  const since = cursor ? (cursor.uidValidity === uidValidity ? cursor.uid : 0) : mailbox.uidNext - 1;
  const missed: { uid: number; error: unknown }[] = [];
  let last = since;
  for (const uid of await waiting(client, since)) {
    last = Math.max(last, uid);
    if (taken.has(`${uidValidity}:${uid}`)) continue;
    try {
      await takeOne(client, receive, String(uid));
      taken.add(`${uidValidity}:${uid}`);
    } catch (error) {
      // It stays unread, and keeps nobody waiting behind it.
      missed.push({ uid, error });
    }
  }
  await keepCursor(app, connection, {
    uidValidity,
    uid: Math.max(since, Math.min(last, (missed[0]?.uid ?? Infinity) - 1)),
  });
  if (missed[0]) throw missed[0].error;
  taken.clear();
}

/** The UIDs that may be new, in order. */
async function waiting(client: ImapFlow, since: number): Promise<number[]> {
  // `n:*` always holds the last mail, even when its number is lower.
  const later = (await client.search({ uid: `${since + 1}:*` }, { uid: true })) || [];
  const unread = (await client.search({ seen: false }, { uid: true })) || [];
  return [...new Set([...later.filter((uid) => uid > since), ...unread])].sort((a, b) => a - b);
}

/** Stores a mail, then marks it. */
async function takeOne(client: ImapFlow, receive: Receive, uid: string): Promise<void> {
  const about = await client.fetchOne(uid, { size: true }, { uid: true });
  const stub = about ? (about.size ?? 0) > LIMITS.mailBytes : false;
  const source = stub ? { start: 0, maxLength: LIMITS.stubBytes } : true;
  const message = await client.fetchOne(uid, { source }, { uid: true });
  const raw = message ? message.source : undefined;
  if (!raw) {
    if (!client.usable) throw new Error('the connection to the mailbox was lost');
    // It was deleted in the meantime.
    return;
  }
  const stored = await receive(raw, stub ? 'stub' : 'mail');
  if (!stored) throw new Error('no firm has connected the reply address');
  await client.messageFlagsAdd(uid, ['\\Seen'], { uid: true });
}
