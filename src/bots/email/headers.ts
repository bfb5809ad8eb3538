import addressparser from 'nodemailer/lib/addressparser';
import { LIMITS } from './limits.ts';

/** One header field as it stands in the mail: name in lower case, value unfolded. In the order of the mail. */
export interface Header {
  name: string;
  value: string;
}

/**
 * Reads the header of a raw mail. Everything that decides (who, whose thread, may it be believed) reads these fields,
 * so that no second parser can see another mail than the one that was judged.
 */
export function readHeaders(raw: Uint8Array): Header[] {
  const text = Buffer.from(raw.buffer, raw.byteOffset, bodyStart(raw)).toString('utf8').trimEnd();
  const headers: Header[] = [];
  for (const line of text.split('\n').map((one) => one.replace(/\r$/, ''))) {
    const last = headers.at(-1);
    if (/^[ \t]/.test(line)) {
      if (last) last.value += ` ${line.trim()}`;
      continue;
    }
    const field = /^([!-9;-~]+)[ \t]*:(.*)$/s.exec(line);
    if (field) headers.push({ name: (field[1] ?? '').toLowerCase(), value: (field[2] ?? '').trim() });
  }
  return headers;
}

/** Where a raw mail's header ends, in bytes; where it does not end in time, what is read of it. */
export function bodyStart(raw: Uint8Array): number {
  const head = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, LIMITS.headerBytes));
  const end = /\n\r?\n/.exec(head.toString('latin1'));
  return end ? end.index + end[0].length : head.length;
}

/** The values of every field of that name, topmost first. */
export function valuesOf(headers: readonly Header[], ...names: string[]): string[] {
  return headers.filter((header) => names.includes(header.name)).map((header) => header.value);
}

/** The mail's own Message-ID with its brackets, or null when it has none that can be used. */
export function messageIdOf(headers: readonly Header[]): string | null {
  return messageIdsIn(valuesOf(headers, 'message-id').slice(0, 1))[0] ?? null;
}

/** The Message-IDs that the mail answers, nearest first: In-Reply-To, then References from the last to the first. */
export function answeredIds(headers: readonly Header[]): string[] {
  return [
    ...messageIdsIn(valuesOf(headers, 'in-reply-to')),
    ...messageIdsIn(valuesOf(headers, 'references')).reverse(),
  ];
}

function messageIdsIn(values: string[]): string[] {
  return values.flatMap((value) => value.match(/<[!-;=?-~]{1,240}>/g) ?? []);
}

/** Every header in which a receiving server or a person may have written our address; nobody is ignored in Cc. */
const RECIPIENT_HEADERS = [
  'to',
  'cc',
  'delivered-to',
  'x-original-to',
  'envelope-to',
  'x-envelope-to',
  'x-delivered-to',
  'x-forwarded-to',
];

/** Every address the mail was sent or delivered to, in lower case. */
export function recipientsOf(headers: readonly Header[]): string[] {
  return valuesOf(headers, ...RECIPIENT_HEADERS).flatMap((value) =>
    addressparser(value.slice(0, LIMITS.addressCharacters), { flatten: true }).map((one) => one.address.toLowerCase()),
  );
}

/** The one address the mail is from, in lower case, or why there is none to go by. */
export function senderOf(headers: readonly Header[]): { address: string } | { fault: string } {
  const fields = valuesOf(headers, 'from');
  const [only, ...more] = fields.flatMap((value) => addressparser(value.slice(0, LIMITS.addressCharacters)));
  if (!only) return { fault: 'it has no From address' };
  if (fields.length > 1 || more.length > 0 || only.address === undefined) return { fault: 'it has more than one From' };
  const address = only.address.toLowerCase();
  return /^[^\s@<>"(),:;\\]+@[^\s@<>"(),:;\\]+$/.test(address) ? { address } : { fault: 'its From is not an address' };
}

/** The part of an address behind its last @. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
