import type { HubMail } from './state.ts';

/** The value list of a FETCH answer; `refuse` makes the error for an item that is not spoken here. */
export function fetchItems(mail: HubMail, items: readonly string[], refuse: (item: string) => Error): Buffer {
  const raw = Buffer.from(mail.raw, 'base64');
  const values = items.map((item) => {
    const name = item.toUpperCase();
    if (name === 'UID') return Buffer.from(`UID ${mail.uid}`);
    if (name === 'FLAGS') return Buffer.from(`FLAGS (${mail.flags.join(' ')})`);
    if (name === 'RFC822.SIZE') return Buffer.from(`RFC822.SIZE ${raw.length}`);
    if (name === 'INTERNALDATE') return Buffer.from(`INTERNALDATE "${internalDate(new Date(mail.at))}"`);
    if (name === 'RFC822') return literal('RFC822', raw);
    const body = /^BODY(?:\.PEEK)?\[(|HEADER|TEXT)\](?:<(\d+)\.(\d+)>)?$/.exec(name);
    if (!body) throw refuse(item);
    return section(raw, body[1] ?? '', body[2], body[3]);
  });
  return Buffer.concat(values.flatMap((value, index) => (index ? [Buffer.from(' '), value] : [value])));
}

/** A part of the mail, or some octets of it (RFC 3501, section 6.4.5). */
function section(raw: Buffer, name: string, start: string | undefined, length: string | undefined): Buffer {
  const blank = raw.indexOf('\r\n\r\n');
  const end = blank < 0 ? raw.length : blank + 4;
  const whole = name === 'HEADER' ? raw.subarray(0, end) : name === 'TEXT' ? raw.subarray(end) : raw;
  if (start === undefined) return literal(`BODY[${name}]`, whole);
  const from = Number(start);
  return literal(`BODY[${name}]<${from}>`, whole.subarray(from, from + Number(length)));
}

function literal(name: string, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${name} {${content.length}}\r\n`), content]);
}

/** `21-Nov-2026 09:30:00 +0000` */
function internalDate(date: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? [];
  return `${day}-${month}-${year} ${time} +0000`;
}
