import type { Socket } from 'node:net';
import { fetchItems } from './imap-fetch.ts';
import type { CommandText, Token } from './imap-syntax.ts';
import { CommandReader, inSet, tokensOf } from './imap-syntax.ts';
import type { HubMail, Mailboxes } from './state.ts';

/** What a command is answered with: the tagged OK's text, or a refusal. */
class Refused extends Error {
  readonly status: 'NO' | 'BAD';

  constructor(status: 'NO' | 'BAD', text: string) {
    super(text);
    this.status = status;
  }
}

const CAPABILITIES = 'IMAP4rev1 LITERAL+ IDLE AUTH=PLAIN SASL-IR UNSELECT';

/** One client's connection (RFC 3501, section 3: not authenticated, authenticated, selected). */
export class ImapSession {
  private readonly socket: Socket;
  private readonly boxes: Mailboxes;
  private readonly login: { user: string; password: string };
  private authenticated = false;
  private selected: 'no' | 'read' | 'write' = 'no';
  /** How many mails the client knows of. */
  private known = 0;
  /** What the next line is for, when it is no command: the end of IDLE, or a password. */
  private next: ((line: string) => void) | null = null;

  constructor(socket: Socket, boxes: Mailboxes, login: { user: string; password: string }) {
    this.socket = socket;
    this.boxes = boxes;
    this.login = login;
    const reader = new CommandReader(() => this.write('+ go on'));
    socket.on('data', (bytes) => {
      for (const command of reader.take(bytes)) this.take(command);
    });
    this.write(`* OK [CAPABILITY ${CAPABILITIES}] ready`);
  }

  /** While a client idles it hears of new mails at once; otherwise with its next command. */
  tellNews(): void {
    const { length } = this.boxes.hub;
    if (this.selected === 'no' || this.next === null || length === this.known) return;
    this.known = length;
    this.write(`* ${length} EXISTS`);
  }

  bye(why: string): void {
    this.write(`* BYE ${why}`);
    this.socket.end();
  }

  private write(line: string): void {
    if (this.socket.writable) this.socket.write(`${line}\r\n`);
  }

  private take(command: CommandText): void {
    const { next } = this;
    if (next) {
      this.next = null;
      return next(String(command.pieces[0]));
    }
    let tag = '*';
    try {
      const [first, name, ...words] = tokensOf(command);
      if (typeof first !== 'string' || typeof name !== 'string') throw new Refused('BAD', 'no command');
      tag = first;
      this.run(tag, name.toUpperCase(), words);
    } catch (error) {
      const status = error instanceof Refused ? error.status : 'BAD';
      this.write(`${tag} ${status} ${error instanceof Error ? error.message : 'not understood'}`);
    }
  }

  private run(tag: string, name: string, words: Token[]): void {
    switch (name) {
      case 'CAPABILITY':
        this.write(`* CAPABILITY ${CAPABILITIES}`);
        return this.done(tag, name);
      case 'LOGOUT':
        this.write('* BYE see you');
        this.done(tag, name);
        this.socket.end();
        return undefined;
      case 'NOOP':
      case 'CHECK':
        return this.done(tag, name);
      case 'LOGIN':
        return this.enter(tag, String(words[0]), String(words[1]));
      case 'AUTHENTICATE':
        return this.authenticate(tag, words);
    }
    if (!this.authenticated) throw new Refused('NO', 'log in first');
    return this.runOnMailbox(tag, name, words);
  }

  private runOnMailbox(tag: string, name: string, words: Token[]): void {
    switch (name) {
      case 'LIST':
      case 'LSUB':
        if (/^(INBOX|\*|%)$/i.test(String(words[1]))) this.write(`* ${name} (\\HasNoChildren) "/" INBOX`);
        return this.done(tag, name);
      case 'STATUS':
        return this.status(tag, words);
      case 'SELECT':
      case 'EXAMINE':
        return this.select(tag, name, words);
    }
    if (this.selected === 'no') throw new Refused('BAD', 'select a mailbox first');
    return this.runSelected(tag, name, words);
  }

  private runSelected(tag: string, name: string, words: Token[]): void {
    switch (name) {
      case 'CLOSE':
      case 'UNSELECT':
        this.selected = 'no';
        return this.done(tag, name);
      case 'IDLE':
        this.next = () => this.done(tag, name);
        this.write('+ idling');
        return this.tellNews();
      case 'SEARCH':
      case 'FETCH':
      case 'STORE':
        return this.onMails(tag, name, words, false);
      case 'UID':
        return this.onMails(tag, String(words[0]).toUpperCase(), words.slice(1), true);
    }
    throw new Refused('BAD', `${name} is not spoken here`);
  }

  /** Every tagged answer tells of mails that came in the meantime. */
  private done(tag: string, name: string, code = ''): void {
    if (this.selected !== 'no' && this.boxes.hub.length !== this.known) {
      this.known = this.boxes.hub.length;
      this.write(`* ${this.known} EXISTS`);
    }
    this.write(`${tag} OK ${code}${name} done`);
  }

  private enter(tag: string, user: string, password: string): void {
    if (user !== this.login.user || password !== this.login.password)
      throw new Refused('NO', '[AUTHENTICATIONFAILED] wrong user or password');
    this.authenticated = true;
    this.write(`${tag} OK [CAPABILITY ${CAPABILITIES}] welcome`);
  }

  /** RFC 4616: an authorisation name, a user and a password, with a NUL between them. */
  private authenticate(tag: string, [mechanism, initial]: Token[]): void {
    if (String(mechanism).toUpperCase() !== 'PLAIN') throw new Refused('NO', 'only PLAIN');
    const enter = (line: string) => {
      const [, user = '', password = ''] = Buffer.from(line, 'base64').toString('utf8').split('\0');
      try {
        this.enter(tag, user, password);
      } catch (error) {
        this.write(`${tag} NO ${(error as Error).message}`);
      }
    };
    if (initial !== undefined) return enter(String(initial));
    this.next = enter;
    return this.write('+ ');
  }

  private status(tag: string, [mailbox, items]: Token[]): void {
    this.requireInbox(mailbox);
    const values: Record<string, number> = {
      MESSAGES: this.boxes.hub.length,
      RECENT: 0,
      UIDNEXT: this.boxes.uidNext,
      UIDVALIDITY: this.boxes.uidValidity,
      UNSEEN: this.boxes.hub.filter(({ flags }) => !flags.includes('\\Seen')).length,
    };
    const asked = [items ?? []]
      .flat()
      .map((item) => String(item).toUpperCase())
      .filter((item) => item in values);
    this.write(`* STATUS INBOX (${asked.map((item) => `${item} ${values[item]}`).join(' ')})`);
    this.done(tag, 'STATUS');
  }

  private select(tag: string, name: string, [mailbox]: Token[]): void {
    this.selected = 'no';
    this.requireInbox(mailbox);
    this.known = this.boxes.hub.length;
    this.write('* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)');
    this.write('* OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)] flags are kept');
    this.write(`* ${this.known} EXISTS`);
    this.write('* 0 RECENT');
    this.write(`* OK [UIDVALIDITY ${this.boxes.uidValidity}] numbers hold`);
    this.write(`* OK [UIDNEXT ${this.boxes.uidNext}] comes next`);
    this.selected = name === 'SELECT' ? 'write' : 'read';
    this.done(tag, name, name === 'SELECT' ? '[READ-WRITE] ' : '[READ-ONLY] ');
  }

  private requireInbox(mailbox: Token | undefined): void {
    if (String(mailbox).toUpperCase() !== 'INBOX') throw new Refused('NO', '[NONEXISTENT] there is only INBOX');
  }

  private onMails(tag: string, name: string, words: Token[], byUid: boolean): void {
    switch (name) {
      case 'SEARCH': {
        const found = this.boxes.hub.flatMap((mail, index) =>
          this.matches(mail, index + 1, words) ? [byUid ? mail.uid : index + 1] : [],
        );
        this.write(`* SEARCH${found.map((number) => ` ${number}`).join('')}`);
        break;
      }
      case 'FETCH':
        for (const [mail, number] of this.chosen(String(words[0]), byUid))
          this.fetch(mail, number, words[1] ?? [], byUid);
        break;
      case 'STORE':
        if (this.selected === 'read') throw new Refused('NO', '[READ-ONLY] it was only examined');
        for (const [mail, number] of this.chosen(String(words[0]), byUid))
          this.store(mail, number, words.slice(1), byUid);
        break;
      default:
        throw new Refused('BAD', `${name} is not spoken here`);
    }
    this.done(tag, byUid ? `UID ${name}` : name);
  }

  /** The mails of a set, with their sequence numbers. */
  private chosen(set: string, byUid: boolean): [HubMail, number][] {
    const { hub } = this.boxes;
    const last = byUid ? (hub.at(-1)?.uid ?? 0) : hub.length;
    return hub.flatMap((mail, index) =>
      inSet(set, byUid ? mail.uid : index + 1, last) ? [[mail, index + 1] as [HubMail, number]] : [],
    );
  }

  /** RFC 3501, section 6.4.4, as far as our client asks: every key must hold. */
  private matches(mail: HubMail, number: number, keys: Token[]): boolean {
    const { hub } = this.boxes;
    const rest = [...keys];
    while (rest.length) {
      const key = rest.shift() as Token;
      const word = Array.isArray(key) ? '(' : key.toUpperCase();
      if (word === '(' && !this.matches(mail, number, key as Token[])) return false;
      if (word === 'NOT' && this.matches(mail, number, [rest.shift() ?? 'ALL'])) return false;
      if (word === 'UID' && !inSet(String(rest.shift()), mail.uid, hub.at(-1)?.uid ?? 0)) return false;
      if (/^[\d*]/.test(word) && !inSet(word, number, hub.length)) return false;
      const flag = /^(UN)?(SEEN|ANSWERED|FLAGGED|DELETED|DRAFT)$/.exec(word);
      if (flag && mail.flags.some((one) => one.toUpperCase() === `\\${flag[2]}`) === Boolean(flag[1])) return false;
      if (!flag && !/^(\(|NOT|UID|ALL|[\d*].*)$/.test(word))
        throw new Refused('BAD', `SEARCH ${word} is not spoken here`);
    }
    return true;
  }

  private fetch(mail: HubMail, number: number, asked: Token, byUid: boolean): void {
    const names = [asked].flat().map(String);
    const items = byUid && !names.some((name) => name.toUpperCase() === 'UID') ? ['UID', ...names] : names;
    const reads = items.some((item) => /^(BODY\[|RFC822$)/i.test(item));
    if (reads && this.selected === 'write' && !mail.flags.includes('\\Seen'))
      this.boxes.flag(mail, [...mail.flags, '\\Seen']);
    const content = fetchItems(mail, items, (item) => new Refused('BAD', `FETCH ${item} is not spoken here`));
    this.socket.write(Buffer.concat([Buffer.from(`* ${number} FETCH (`), content, Buffer.from(')\r\n')]));
  }

  private store(mail: HubMail, number: number, [how, flags]: Token[], byUid: boolean): void {
    const given = [flags ?? []].flat().map(String);
    const verb = String(how).toUpperCase();
    const others = mail.flags.filter((flag) => !given.includes(flag));
    this.boxes.flag(mail, verb.startsWith('-') ? others : verb.startsWith('+') ? [...others, ...given] : given);
    if (!verb.endsWith('.SILENT'))
      this.write(`* ${number} FETCH (${byUid ? `UID ${mail.uid} ` : ''}FLAGS (${mail.flags.join(' ')}))`);
  }
}
