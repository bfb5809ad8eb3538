import type { Socket } from 'node:net';
import type { Reply } from './imap-mailbox.ts';
import { fetched, listed, Refused, requireInbox, searched, selected, statusOf, stored } from './imap-mailbox.ts';
import type { CommandText, Token } from './imap-syntax.ts';
import { CommandReader, tokensOf } from './imap-syntax.ts';
import type { Mailboxes } from './state.ts';

const CAPABILITIES = 'IMAP4rev1 LITERAL+ IDLE AUTH=PLAIN SASL-IR UNSELECT';

interface Login {
  user: string;
  password: string;
}

/**
 * One client's connection (RFC 3501, section 3: not authenticated, authenticated, selected). In one piece, since which
 * command may come next depends on all those before it.
 */
export class ImapSession {
  private readonly socket: Socket;
  private readonly boxes: Mailboxes;
  private readonly login: Login;
  private authenticated = false;
  private mailbox: 'none' | 'read' | 'write' = 'none';
  /** How many mails the client knows of. */
  private known = 0;
  private idling = false;
  /** What the next line is for, when it is no command: the end of IDLE, or a password. */
  private next: ((line: string) => void) | null = null;

  constructor(socket: Socket, boxes: Mailboxes, login: Login) {
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
    if (this.idling) this.writeNews();
  }

  bye(why: string): void {
    this.write(`* BYE ${why}`);
    this.socket.end();
  }

  private write(line: string | Buffer): void {
    if (!this.socket.writable) return;
    this.socket.write(line);
    this.socket.write('\r\n');
  }

  private writeNews(): void {
    if (this.mailbox === 'none' || this.boxes.hub.length === this.known) return;
    this.known = this.boxes.hub.length;
    this.write(`* ${this.known} EXISTS`);
  }

  private take(command: CommandText): void {
    if (this.next) {
      const { next } = this;
      this.next = null;
      next(String(command.pieces[0]));
      return;
    }
    const [tag = '*'] = /^[^\s(){"]+/.exec(String(command.pieces[0])) ?? [];
    try {
      const [, name, ...words] = tokensOf(command);
      if (typeof name !== 'string') throw new Refused('BAD', 'no command');
      const reply = this.run(tag, name.toUpperCase(), words);
      if (reply) this.finish(tag, reply);
    } catch (error) {
      this.refuse(tag, error);
    }
  }

  private finish(tag: string, { lines, code = '' }: Reply): void {
    for (const line of lines) this.write(line);
    this.writeNews();
    this.write(`${tag} OK ${code}done`);
  }

  private refuse(tag: string, error: unknown): void {
    const status = error instanceof Refused ? error.status : 'BAD';
    this.write(`${tag} ${status} ${error instanceof Error ? error.message : 'not understood'}`);
  }

  /** The answer to a command; null when it comes later. */
  private run(tag: string, name: string, words: Token[]): Reply | null {
    switch (name) {
      case 'CAPABILITY':
        return { lines: [`* CAPABILITY ${CAPABILITIES}`] };
      case 'NOOP':
      case 'CHECK':
        return { lines: [] };
      case 'LOGOUT':
        this.socket.end(`* BYE see you\r\n${tag} OK done\r\n`);
        return null;
      case 'LOGIN':
        return this.enter(String(words[0]), String(words[1]));
      case 'AUTHENTICATE':
        return this.authenticate(tag, words);
      default:
        if (!this.authenticated) throw new Refused('NO', 'log in first');
        return this.runOnMailboxes(tag, name, words);
    }
  }

  private runOnMailboxes(tag: string, name: string, words: Token[]): Reply | null {
    switch (name) {
      case 'LIST':
      case 'LSUB':
        return listed(name, words);
      case 'STATUS':
        return statusOf(this.boxes, words);
      case 'SELECT':
      case 'EXAMINE':
        this.mailbox = 'none';
        requireInbox(words[0]);
        this.known = this.boxes.hub.length;
        this.mailbox = name === 'SELECT' ? 'write' : 'read';
        return selected(this.boxes, this.mailbox);
      default:
        if (this.mailbox === 'none') throw new Refused('BAD', 'select a mailbox first');
        return this.runSelected(tag, name, words);
    }
  }

  private runSelected(tag: string, name: string, words: Token[]): Reply | null {
    switch (name) {
      case 'CLOSE':
      case 'UNSELECT':
        this.mailbox = 'none';
        return { lines: [] };
      case 'IDLE':
        this.idle(tag);
        return null;
      case 'UID':
        return this.onMails(String(words[0]).toUpperCase(), words.slice(1), true);
      default:
        return this.onMails(name, words, false);
    }
  }

  private onMails(name: string, words: Token[], byUid: boolean): Reply {
    if (name === 'SEARCH') return searched(this.boxes, words, byUid);
    if (name === 'FETCH') return fetched(this.boxes, words, { byUid, marks: this.mailbox === 'write' });
    if (name !== 'STORE') throw new Refused('BAD', `${name} is not spoken here`);
    if (this.mailbox === 'read') throw new Refused('NO', '[READ-ONLY] it was only examined');
    return stored(this.boxes, words, byUid);
  }

  /** RFC 2177: news are told until the client says DONE. */
  private idle(tag: string): void {
    this.idling = true;
    this.next = () => {
      this.idling = false;
      this.finish(tag, { lines: [] });
    };
    this.write('+ idling');
    this.writeNews();
  }

  private enter(user: string, password: string): Reply {
    if (user !== this.login.user || password !== this.login.password)
      throw new Refused('NO', '[AUTHENTICATIONFAILED] wrong user or password');
    this.authenticated = true;
    return { lines: [], code: `[CAPABILITY ${CAPABILITIES}] ` };
  }

  /** RFC 4616: an authorisation name, a user and a password, with a NUL between them. */
  private authenticate(tag: string, [mechanism, initial]: Token[]): Reply | null {
    if (String(mechanism).toUpperCase() !== 'PLAIN') throw new Refused('NO', 'only PLAIN');
    const enter = (line: string) => {
      const [, user = '', password = ''] = Buffer.from(line, 'base64').toString('utf8').split('\0');
      return this.enter(user, password);
    };
    if (initial !== undefined) return enter(String(initial));
    this.next = (line) => {
      try {
        this.finish(tag, enter(line));
      } catch (error) {
        this.refuse(tag, error);
      }
    };
    this.write('+ ');
    return null;
  }
}
