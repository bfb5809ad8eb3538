import type { EventEmitter } from 'node:events';
import { openImapDoor } from './imap.ts';
import type { WritingOptions } from './person.ts';
import { newMail, received, replyTo } from './person.ts';
import type { Refusal } from './smtp.ts';
import { openSmtpDoor, shown, untagged } from './smtp.ts';
import type { HubMail, MailState, SimMail } from './state.ts';
import { Mailboxes } from './state.ts';

export type { HubMail, MailState, SimMail } from './state.ts';

export interface MailStandInOptions {
  /** The hub's MAIL_REPLY_TO: mail to it and to its tagged variants lands in the mailbox that the hub reads. */
  hubAddress: string;
  /** The hub's MAIL_AUTHSERV_ID: under this name the receiving server says what it found out about a sender. */
  authservId: string;
  /** 0 or absent: any free one. */
  smtpPort?: number;
  imapPort?: number;
  now?: () => number;
}

/** The mail of the whole world, on this machine: an SMTP server, everybody's mailboxes, and IMAP for the hub's own. */
export interface MailStandIn {
  /** What SMTP_URL must be. */
  smtpUrl: string;
  /** What IMAP_URL must be. */
  imapUrl: string;
  smtpPort: number;
  imapPort: number;
  /** Every mail in a person's mailbox, oldest first. */
  mails(): readonly SimMail[];
  /** One person's mailbox, oldest first. */
  mailbox(address: string): SimMail[];
  /** Acts as the person: answers a mail of their mailbox. Gives their own copy of what they sent. */
  reply(mailbox: string, mailId: string, text: string, options?: WritingOptions): Promise<SimMail>;
  /** Acts as a person: writes to the hub, in answer to nothing. */
  write(from: string, to: string, text: string, options?: WritingOptions): Promise<SimMail>;
  /** What lies in the hub's mailbox. */
  hubMails(): readonly HubMail[];
  /** Puts a raw mail into the hub's mailbox as it is. */
  deliverToHub(raw: Buffer): HubMail;
  /** The next mail to this address is refused with this code. */
  refuse(address: string, refusal: Refusal): void;
  /** Cuts every IMAP connection. */
  dropImap(): void;
  /** The owner of the hub's mailbox gives it another password: whoever has the old one is cut off. */
  changePassword(password: string): void;
  /** Waits until something is there, looking again at every change. */
  until<T>(look: () => T | null | undefined | false, what?: string, milliseconds?: number): Promise<T>;
  snapshot(): MailState;
  restore(state: MailState): void;
  /** Emits 'change' whenever there is something new to show. */
  changes: EventEmitter;
  stop(): Promise<void>;
}

const LOGIN = { user: 'hub', password: 'stand-in' };

/** Starts the stand-in on the loopback address. */
export async function startMailStandIn(options: MailStandInOptions): Promise<MailStandIn> {
  const { hubAddress, authservId, now = Date.now } = options;
  const boxes = new Mailboxes(now);
  const smtp = await openSmtpDoor(boxes, hubAddress, options.smtpPort ?? 0);
  const login = { ...LOGIN };
  const imap = await openImapDoor(boxes, login, options.imapPort ?? 0);
  const send = async (from: string, to: string, raw: Buffer, verified = true) => {
    boxes.deliverToHub(received(raw, from, to, authservId, verified));
    return boxes.keep(await shown(raw, untagged(from), 'out'));
  };
  return {
    smtpUrl: `smtp://127.0.0.1:${smtp.port}`,
    imapUrl: `imap://${LOGIN.user}:${LOGIN.password}@127.0.0.1:${imap.port}`,
    smtpPort: smtp.port,
    imapPort: imap.port,
    mails: () => boxes.people,
    mailbox: (address) => boxes.people.filter((mail) => mail.mailbox === untagged(address)),
    reply: async (mailbox, mailId, text, writing = {}) => {
      const mail = boxes.people.find((one) => one.id === mailId && one.mailbox === untagged(mailbox));
      if (!mail) throw new Error(`there is no mail ${mailId} in the mailbox of ${mailbox}`);
      return send(mail.mailbox, mail.replyTo, await replyTo(mail, text, now(), writing), writing.verified);
    },
    write: async (from, to, text, writing = {}) =>
      send(from, to, await newMail(from, to, text, now(), writing), writing.verified),
    hubMails: () => boxes.hub,
    deliverToHub: (raw) => boxes.deliverToHub(raw),
    refuse: smtp.refuse,
    dropImap: imap.drop,
    changePassword: (password) => {
      login.password = password;
      imap.drop();
    },
    until: (look, what = 'what was waited for', milliseconds = 15_000) => until(boxes, look, what, milliseconds),
    snapshot: () => boxes.snapshot(),
    restore: (state) => boxes.restore(state),
    changes: boxes.changes,
    stop: async () => {
      await Promise.all([smtp.stop(), imap.stop()]);
    },
  };
}

async function until<T>(
  boxes: Mailboxes,
  look: () => T | null | undefined | false,
  what: string,
  milliseconds: number,
): Promise<T> {
  const found = Promise.withResolvers<T>();
  const again = () => {
    const value = look();
    if (value) found.resolve(value);
  };
  const timer = setTimeout(
    () => found.reject(new Error(`${what} did not come within ${milliseconds} ms`)),
    milliseconds,
  );
  boxes.changes.on('change', again);
  again();
  try {
    return await found.promise;
  } finally {
    clearTimeout(timer);
    boxes.changes.off('change', again);
  }
}
