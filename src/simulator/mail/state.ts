import { EventEmitter } from 'node:events';

/** A mail in a person's mailbox, as a mail program would show it. Plain JSON. */
export interface SimMail {
  id: string;
  /** Whose mailbox, without a tag. */
  mailbox: string;
  direction: 'in' | 'out';
  /** Milliseconds since 1970. */
  at: number;
  from: string;
  fromName: string;
  to: string;
  replyTo: string;
  subject: string;
  text: string;
  html: string | null;
  messageId: string;
  /** The thread so far, oldest first. */
  references: string[];
  /** Lower-case name → value of the last such field. */
  headers: Record<string, string>;
}

/** A mail in the hub's own mailbox, as IMAP shows it. */
export interface HubMail {
  uid: number;
  flags: string[];
  at: number;
  /** The whole mail, base64. */
  raw: string;
}

export interface MailState {
  uidValidity: number;
  uidNext: number;
  people: SimMail[];
  hub: HubMail[];
}

/** Every mailbox there is: one per person who ever got a mail, and the hub's. */
export class Mailboxes {
  readonly changes = new EventEmitter();
  private state: MailState;
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
    this.state = { uidValidity: Math.floor(now() / 1000), uidNext: 1, people: [], hub: [] };
    // A page per person may listen.
    this.changes.setMaxListeners(0);
  }

  get people(): readonly SimMail[] {
    return this.state.people;
  }

  get hub(): readonly HubMail[] {
    return this.state.hub;
  }

  get uidValidity(): number {
    return this.state.uidValidity;
  }

  get uidNext(): number {
    return this.state.uidNext;
  }

  keep(mail: Omit<SimMail, 'id' | 'at'>): SimMail {
    const kept = { ...mail, id: crypto.randomUUID(), at: this.now() };
    this.state.people.push(kept);
    this.changes.emit('change');
    return kept;
  }

  deliverToHub(raw: Buffer): HubMail {
    const mail = { uid: this.state.uidNext, flags: [], at: this.now(), raw: raw.toString('base64') };
    this.state.uidNext += 1;
    this.state.hub.push(mail);
    this.changes.emit('hub');
    this.changes.emit('change');
    return mail;
  }

  flag(mail: HubMail, flags: string[]): void {
    mail.flags = flags;
    this.changes.emit('change');
  }

  snapshot(): MailState {
    return structuredClone(this.state);
  }

  /**
   * In a stand-in that was used already, numbers may now mean other mails than before: a new UIDVALIDITY says so
   * (RFC 3501, section 2.3.1.1). A new stand-in just goes on where the earlier one stopped.
   */
  restore(state: MailState): void {
    const isNew = this.state.uidNext === 1;
    const uidValidity = isNew ? state.uidValidity : Math.max(state.uidValidity, this.state.uidValidity) + 1;
    this.state = { ...structuredClone(state), uidValidity };
    this.changes.emit('restored');
    this.changes.emit('change');
  }
}
