/** Characters of a line that are looked at; what is longer is nobody's header. */
const MOST = 400;

/** How mail programs call the sender and the subject when they quote a header, by language. */
const FROM = names(
  'from von de da fra från van od lähettäjä feladó kimden gönderen от від 差出人 送信者 发件人 寄件者 寄件人 보낸사람 보낸 사람 expéditeur remitente mittente afzender odesílatel nadawca отправитель',
);
const SUBJECT = names(
  'subject betreff objet oggetto asunto assunto onderwerp emne ämne aihe temat předmět predmet tárgy konu тема 件名 主题 主旨 제목 sujet betr subiect',
);

function names(words: string): ReadonlySet<string> {
  return new Set([...words.split(' '), '보낸 사람']);
}

/** The name of a header field that a line begins with, in lower case: `*From:* Bob`, `件名：…`. */
function fieldOf(line: string): string | null {
  const [, name] =
    /^[ \t]{0,8}\*{0,2}(\p{L}[\p{L} .'’-]{0,24}?)\*{0,2}[ \u00a0]{0,2}[:：]\*{0,2}(?:[ \t\u00a0]|$|\S)/u.exec(
      line.slice(0, 80),
    ) ?? [];
  return name ? name.trim().toLowerCase() : null;
}

/**
 * Whether a block of header fields begins at a line: at least three fields, the sender and the subject among them.
 * @returns the line behind the block, or null
 */
export function beginsHeaderBlock(lines: readonly string[], start: number): number | null {
  if (fieldOf(lines[start] ?? '') === null) return null;
  let fields = 0;
  let [from, subject] = [false, false];
  let end = start;
  for (let at = start; at < Math.min(lines.length, start + 14); at += 1) {
    const line = lines[at] ?? '';
    const field = fieldOf(line);
    if (field === null) {
      // A field may go on in the next line; an empty line ends the block once it is one.
      if (!line.trim() && from && !subject) continue;
      // What stands above an empty line, and names no sender, is somebody's own list of facts.
      if (!line.trim() && !from) return null;
      if (!line.trim() || (from && subject && !/^[ \t]/.test(line))) break;
      continue;
    }
    fields += 1;
    from ||= FROM.has(field);
    subject ||= SUBJECT.has(field);
    end = at + 1;
    if (!from && !subject && fields > 3) return null;
  }
  return from && subject && fields >= 3 ? end : null;
}

/** A day or a time: 2.11.2026, 2026-11-02, 10:15, 2026年, Nov 2, 2026. */
const DAY = /\d{1,4}[./-]\s?\d{1,2}[./-]|\d{1,2}[:.]\d{2}|\b(19|20)\d{2}\b|\d{4}[年년]/;

/**
 * How many lines up to this one attribute the quote below: they end in a colon and name a day or an address.
 * @returns 0 when they do not
 */
export function endsAttribution(lines: readonly string[], last: number, folded: readonly boolean[]): number {
  const end = (lines[last] ?? '').trimEnd();
  if (end.length > MOST || !/[:：][ \t*]{0,3}$/.test(end)) return 0;
  let text = '';
  for (let length = 1; length <= 4; length += 1) {
    const at = last - length + 1;
    const line = lines[at]?.trim() ?? '';
    if (at < 0 || !line || line.length > MOST || folded[at]) break;
    text = `${line} ${text}`;
    if (!DAY.test(text)) continue;
    return length;
  }
  return /@|<[^<>]{3,100}>/.test(end) ? 1 : 0;
}

/** A line that separates: dashes or underscores, perhaps with words between them. */
export function isRule(line: string): boolean {
  return /^[ \t]{0,8}(?:[-_=*–—]{3,80}|[-–—]{2,40} ?\p{L}[^-–—]{2,40}[-–—]{2,40})[ \t]{0,8}$/u.test(line.slice(0, 200));
}

/**
 * True when lines that follow a sign-off are no more than that: few, short, no sentence, no postscript. When in doubt they
 * were said.
 */
export function looksLikeSignature(lines: readonly string[]): boolean {
  const said = lines.map((line) => line.trim()).filter(Boolean);
  const [first = '', ...rest] = said;
  const isDelimiter = lines.find((line) => line.trim()) === '-- ';
  if (rest.some((line) => /^(p\.?\s?p?\.?\s?s\b|n\.?b\b)/i.test(line))) return false;
  if (rest.length > (isDelimiter ? 15 : 6) || first.length > 120) return false;
  return (
    isDelimiter ||
    rest.every((line) => line.length <= 70 && !/[.?!…:。！？：]$/.test(line) && line.split(/\s+/).length <= 8)
  );
}
