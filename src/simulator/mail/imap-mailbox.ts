import { fetchItems } from './imap-fetch.ts';
import type { Token } from './imap-syntax.ts';
import { inSet } from './imap-syntax.ts';
import type { HubMail, Mailboxes } from './state.ts';

/** What a command is answered with: untagged lines, then OK. */
export interface Reply {
  lines: (string | Buffer)[];
  /** A response code before the text of the OK. */
  code?: string;
}

/** A command that is answered with NO or BAD. */
export class Refused extends Error {
  readonly status: 'NO' | 'BAD';

  constructor(status: 'NO' | 'BAD', text: string) {
    super(text);
    this.status = status;
  }
}

/** There is one mailbox. */
export function requireInbox(mailbox: Token | undefined): void {
  if (String(mailbox).toUpperCase() !== 'INBOX') throw new Refused('NO', '[NONEXISTENT] there is only INBOX');
}

export function listed(name: string, words: Token[]): Reply {
  const isAsked = /^(INBOX|\*|%)$/i.test(String(words[1]));
  return { lines: isAsked ? [`* ${name} (\\HasNoChildren) "/" INBOX`] : [] };
}

export function statusOf(boxes: Mailboxes, [mailbox, items]: Token[]): Reply {
  requireInbox(mailbox);
  const values: Record<string, number> = {
    MESSAGES: boxes.hub.length,
    RECENT: 0,
    UIDNEXT: boxes.uidNext,
    UIDVALIDITY: boxes.uidValidity,
    UNSEEN: boxes.hub.filter(({ flags }) => !flags.includes('\\Seen')).length,
  };
  const asked = [items ?? []].flat().map((item) => String(item).toUpperCase());
  const told = asked.filter((item) => item in values).map((item) => `${item} ${values[item]}`);
  return { lines: [`* STATUS INBOX (${told.join(' ')})`] };
}

const FLAGS = '\\Seen \\Answered \\Flagged \\Deleted \\Draft';

export function selected(boxes: Mailboxes, access: 'read' | 'write'): Reply {
  return {
    lines: [
      `* FLAGS (${FLAGS})`,
      `* OK [PERMANENTFLAGS (${FLAGS})] flags are kept`,
      `* ${boxes.hub.length} EXISTS`,
      '* 0 RECENT',
      `* OK [UIDVALIDITY ${boxes.uidValidity}] numbers hold`,
      `* OK [UIDNEXT ${boxes.uidNext}] comes next`,
    ],
    code: access === 'write' ? '[READ-WRITE] ' : '[READ-ONLY] ',
  };
}

export function searched(boxes: Mailboxes, keys: Token[], byUid: boolean): Reply {
  const found = boxes.hub.flatMap((mail, index) =>
    matches(boxes.hub, mail, index + 1, keys) ? [byUid ? mail.uid : index + 1] : [],
  );
  return { lines: [`* SEARCH${found.map((number) => ` ${number}`).join('')}`] };
}

/** RFC 3501, section 6.4.4, as far as our client asks: every key must hold. */
function matches(hub: readonly HubMail[], mail: HubMail, number: number, keys: Token[]): boolean {
  const rest = [...keys];
  let holds = true;
  while (rest.length) {
    const key = rest.shift() ?? 'ALL';
    const word = Array.isArray(key) ? '' : key.toUpperCase();
    const [, un, flag] = /^(UN)?(SEEN|ANSWERED|FLAGGED|DELETED|DRAFT)$/.exec(word) ?? [];
    if (Array.isArray(key)) holds &&= matches(hub, mail, number, key);
    else if (flag) holds &&= mail.flags.some((one) => one.toUpperCase() === `\\${flag}`) !== Boolean(un);
    else if (word === 'NOT') holds = !matches(hub, mail, number, [rest.shift() ?? 'ALL']) && holds;
    else if (word === 'UID') holds = inSet(String(rest.shift()), mail.uid, hub.at(-1)?.uid ?? 0) && holds;
    else if (/^[\d*]/.test(word)) holds &&= inSet(word, number, hub.length);
    else if (word !== 'ALL') throw new Refused('BAD', `SEARCH ${word} is not spoken here`);
  }
  return holds;
}

/** @param how `marks`: reading a mail without PEEK marks it \Seen */
export function fetched(boxes: Mailboxes, [set, asked]: Token[], how: { byUid: boolean; marks: boolean }): Reply {
  const names = [asked ?? []].flat().map(String);
  const items = how.byUid && !names.some((name) => name.toUpperCase() === 'UID') ? ['UID', ...names] : names;
  const reads = how.marks && items.some((item) => /^(BODY\[|RFC822$)/i.test(item));
  const lines = chosen(boxes, String(set), how.byUid).map(([mail, number]) => {
    if (reads && !mail.flags.includes('\\Seen')) boxes.flag(mail, [...mail.flags, '\\Seen']);
    const content = fetchItems(mail, items, (item) => new Refused('BAD', `FETCH ${item} is not spoken here`));
    return Buffer.concat([Buffer.from(`* ${number} FETCH (`), content, Buffer.from(')')]);
  });
  return { lines };
}

export function stored(boxes: Mailboxes, [set, how, flags]: Token[], byUid: boolean): Reply {
  const given = [flags ?? []].flat().map(String);
  const verb = String(how).toUpperCase();
  const lines = chosen(boxes, String(set), byUid).map(([mail, number]) => {
    const others = mail.flags.filter((flag) => !given.includes(flag));
    boxes.flag(mail, verb.startsWith('-') ? others : verb.startsWith('+') ? [...others, ...given] : given);
    return `* ${number} FETCH (${byUid ? `UID ${mail.uid} ` : ''}FLAGS (${mail.flags.join(' ')}))`;
  });
  return { lines: verb.endsWith('.SILENT') ? [] : lines };
}

/** The mails of a set, with their sequence numbers. */
function chosen({ hub }: Mailboxes, set: string, byUid: boolean): [HubMail, number][] {
  const last = byUid ? (hub.at(-1)?.uid ?? 0) : hub.length;
  return hub
    .map((mail, index): [HubMail, number] => [mail, index + 1])
    .filter(([mail, number]) => inSet(set, byUid ? mail.uid : number, last));
}
