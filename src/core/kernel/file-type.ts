/** Types that no browser runs anything of, whatever is in them; all others are handed out as bytes. */
const HARMLESS = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'text/plain'];

/** As what a file that somebody sent is handed out. */
export function handedOutAs(type: string): string {
  return HARMLESS.includes(type) ? type : BYTES;
}

/** Bytes with which files of a type begin. What is not among them is taken for what it was declared to be. */
const BEGINNINGS: readonly (readonly [type: string, begin: string, at?: number])[] = [
  ['image/png', '89504e470d0a1a0a'],
  ['image/jpeg', 'ffd8ff'],
  ['image/gif', '47494638'],
  ['image/webp', '57454250', 8],
  ['application/pdf', '255044462d'],
];

/** Types that only their beginning proves: what says of itself that it is one of these, and is not, is bytes. */
const PROVEN: readonly string[] = BEGINNINGS.map(([type]) => type);
/** What a browser would run something of. */
const RUNS = /html|svg|xml|script|ecma|flash|xhtml|mathml/;
const BYTES = 'application/octet-stream';

/** What a file is, by its first bytes, and where they do not tell by what was declared: never what a browser runs something of. */
export function typeOf(head: Uint8Array, declared: string): string {
  const bytes = Buffer.from(head);
  const known = BEGINNINGS.find(([, begin, at = 0]) => bytes.subarray(at).toString('hex').startsWith(begin));
  if (known) return known[0];
  const type = declared.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!/^[\w.+-]{1,80}\/[\w.+-]{1,80}$/.test(type) || RUNS.test(type) || PROVEN.includes(type)) return BYTES;
  return type === 'text/plain' && looksLikeMarkup(bytes) ? BYTES : type;
}

function looksLikeMarkup(bytes: Buffer): boolean {
  return /^\s*</.test(bytes.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, ''));
}

/** Endings of names that systems run when they are opened, though the content is a picture or a document. */
const ENDINGS: Readonly<Record<string, readonly string[]>> = {
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'application/pdf': ['pdf', 'ai'],
};

/** The name, with the ending of what the file is where it has another one. */
export function nameOfType(name: string, type: string): string {
  const endings = ENDINGS[type];
  const ending = /\.([\p{L}\p{N}]{1,10})$/u.exec(name)?.[1]?.toLowerCase();
  if (!endings || (ending && endings.includes(ending))) return name;
  return `${name}.${endings[0]}`;
}
