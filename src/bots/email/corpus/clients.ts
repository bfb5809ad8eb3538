import type { Language } from './languages.ts';

/** What somebody wrote, in the order of the mail: their own lines and what they quote between them. */
export type Piece = { own: readonly string[] } | { quote: readonly string[] };

/** A mail's body as a program writes it. */
export interface Body {
  text?: string;
  html?: string;
  flowed?: boolean;
}

/** `inline`: the program lets people write between what they quote. */
export interface Client {
  name: string;
  inline: boolean;
  write(pieces: readonly Piece[], language: Language): Body;
}

const quoted = (lines: readonly string[]) => lines.map((line) => (line ? `> ${line}` : '>')).join('\n');
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const divs = (lines: readonly string[], tag = 'div') =>
  lines.map((line) => `<${tag}>${line ? escaped(line) : '<br>'}</${tag}>`).join('');

function marked(pieces: readonly Piece[], attribution: string): string {
  let attributed = false;
  return pieces
    .map((piece) => {
      if ('own' in piece) return piece.own.join('\n');
      const lead = attributed ? '' : `${attribution}\n\n`;
      attributed = true;
      return `${lead}${quoted(piece.quote)}`;
    })
    .join('\n\n');
}

const top = (pieces: readonly Piece[]) => pieces.flatMap((piece) => ('own' in piece ? [...piece.own, ''] : []));
const below = (pieces: readonly Piece[]) => pieces.flatMap((piece) => ('quote' in piece ? piece.quote : []));

function header({ header: [from, sent, to, subject] }: Language, mark = ''): string {
  const day = '2 November 2026 10:15';
  return [
    `${from}: Northwind Studio <hub@northwind.example>`,
    `${sent}: ${day}`,
    `${to}: bob@acme.example`,
    `${subject}: Checkout redesign`,
  ]
    .map((line) => (mark ? line.replace(/^([^:]+):/, `${mark}$1:${mark}`) : line))
    .join('\n');
}

function htmlMarked(pieces: readonly Piece[], attribution: string, open: string, close: string, quote: string): string {
  const at = pieces.findIndex((piece) => 'quote' in piece);
  const write = (piece: Piece) => ('own' in piece ? divs(piece.own) : `${quote}${divs(piece.quote)}</blockquote>`);
  const before = pieces.slice(0, at).map(write).join('<br>');
  return `<html><body>${before}<br>${open}${attribution}${pieces.slice(at).map(write).join('')}${close}</body></html>`;
}

/** The programs, by what they do to an answer. */
export const CLIENTS: readonly Client[] = [
  { name: 'Gmail, text', inline: true, write: (pieces, { attribution }) => ({ text: marked(pieces, attribution) }) },
  {
    name: 'Gmail, text, attribution wrapped',
    inline: true,
    write: (pieces, { attribution }) => ({ text: marked(pieces, attribution.replace(' <', '\n<')) }),
  },
  {
    name: 'Gmail, HTML',
    inline: true,
    write: (pieces, { attribution }) => ({
      html: htmlMarked(
        pieces,
        `<div dir="ltr" class="gmail_attr">${escaped(attribution)}<br></div>`,
        '<div class="gmail_quote gmail_quote_container">',
        '</div>',
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">',
      ),
    }),
  },
  {
    name: 'Thunderbird, flowed',
    inline: true,
    write: (pieces, { attribution }) => ({
      flowed: true,
      text: marked(pieces, attribution)
        .split('\n')
        .map((line) => (line.startsWith('>') && line.length > 30 ? `${line} ` : line))
        .join('\n'),
    }),
  },
  {
    name: 'Thunderbird, HTML',
    inline: true,
    write: (pieces, { attribution }) => ({
      html: htmlMarked(
        pieces,
        `<div class="moz-cite-prefix">${escaped(attribution)}<br></div>`,
        '',
        '',
        '<blockquote type="cite" cite="mid:x@northwind.example">',
      ),
    }),
  },
  {
    name: 'Apple Mail, HTML',
    inline: true,
    write: (pieces, { attribution }) => ({
      html: htmlMarked(
        pieces,
        '',
        `<div><br><blockquote type="cite"><div>${escaped(attribution)}</div></blockquote>`,
        '</div>',
        '<blockquote type="cite">',
      ),
    }),
  },
  {
    name: 'Outlook, text',
    inline: false,
    write: (pieces, language) => ({
      text: `${top(pieces).join('\n')}\n________________________________\n${header(language)}\n\n${below(pieces).join('\n')}\n`,
    }),
  },
  {
    name: 'Outlook through Gmail, text',
    inline: false,
    write: (pieces, language) => ({
      text: `${top(pieces).join('\n')}\n\n${header(language, '*')}\n\n\n\n${below(pieces).join('\n')}\n`,
    }),
  },
  {
    name: 'Outlook, HTML',
    inline: false,
    write: (pieces, language) => ({
      html: `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0}</style></head><body><div class="WordSection1">${divs(top(pieces), 'p')}<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">${header(language).split('\n').map(escaped).join('<br>')}</p></div></div>${divs(below(pieces), 'p')}</div></body></html>`,
    }),
  },
  {
    name: 'Outlook on the web, HTML',
    inline: false,
    write: (pieces, language) => ({
      html: `<html><body><div class="elementToProof">${divs(top(pieces))}</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">${header(language).split('\n').map(escaped).join('<br>')}</div>${divs(below(pieces))}</body></html>`,
    }),
  },
  {
    name: 'GMX, text',
    inline: false,
    write: (pieces, { header: [from, sent, to, subject] }) => ({
      text: `${top(pieces).join('\n')}\n${sent}: Montag, 2. November 2026 um 10:15\n${from}: "Northwind Studio" <hub@northwind.example>\n${to}: bob@acme.example\n${subject}: Checkout redesign\n\n${below(pieces).join('\n')}\n`,
    }),
  },
  {
    name: 'GMX, HTML',
    inline: false,
    write: (pieces, language) => ({
      html: `<html><head></head><body><div style="font-family: Verdana">${divs(top(pieces))}<div name="quote" style="margin:10px 5px 5px 10px; border-left:2px solid #C3D9E5;"><div>${header(language).split('\n').map(escaped).join('<br/>')}</div><div name="quoted-content">${divs(below(pieces))}</div></div></div></body></html>`,
    }),
  },
  {
    name: 'Yahoo, HTML',
    inline: false,
    write: (pieces, { attribution }) => ({
      html: `<html><body><div class="yahoo-style-wrap">${divs(top(pieces))}</div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>${escaped(attribution)}</div><div>${divs(below(pieces))}</div></div></body></html>`,
    }),
  },
  {
    name: 'Original Message, text',
    inline: false,
    write: (pieces, language) => ({
      text: `${top(pieces).join('\n')}\n-----Original Message-----\n${header(language)}\n\n${below(pieces).join('\n')}\n`,
    }),
  },
];
