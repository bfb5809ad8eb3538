import { asHtml } from '../../core/kernel/text.ts';
import type { Anchor, Piece } from './letter.ts';

/** Only what mail clients need, and no background of our own: the reader's light or dark colours stay. */
const STYLE = {
  body: 'margin:0;padding:16px;font:16px/1.5 system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif',
  // The first for words without a place to break (an address, a hash), the second for clients that only know it.
  main: 'max-width:640px;margin:0 auto;overflow-wrap:anywhere;word-break:break-word',
  heading: 'font-size:22px;line-height:1.3;margin:24px 0 8px',
  title: 'font-size:17px;line-height:1.4;margin:24px 0 4px',
  status: 'font-size:14px;font-weight:600;border:1px solid;border-radius:4px;padding:1px 8px',
  subtle: 'font-size:14px',
  quote: 'margin:8px 0;padding:0 0 0 12px;border-left:3px solid #8a8f98',
  button:
    'display:inline-block;margin:4px 8px 4px 0;padding:10px 18px;border-radius:6px;border:2px solid;font-weight:600;text-decoration:none',
  primary: ';background:#1d4ed8;border-color:#1d4ed8;color:#ffffff',
  danger: ';background:#b42318;border-color:#b42318;color:#ffffff',
} as const;

/** Writes a mail's HTML: no images, nothing loaded, nothing that tells us it was read. */
export function htmlOf(subject: string, pieces: readonly Piece[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escaped(subject)}</title>
</head>
<body style="${STYLE.body}">
<div role="article" lang="en" style="${STYLE.main}">
${pieces.map(pieceHtml).join('\n')}
</div>
</body>
</html>
`;
}

function pieceHtml(piece: Piece): string {
  switch (piece.kind) {
    case 'heading': {
      const status = piece.status
        ? `\n<p style="margin:0 0 16px"><span style="${STYLE.status}">${escaped(piece.status)}</span></p>`
        : '';
      return `<h1 style="${STYLE.heading}">${escaped(piece.text)}</h1>${status}`;
    }
    case 'title':
      return `<h2 style="${STYLE.title}">${escaped(piece.text)}</h2>`;
    case 'paragraph':
      return `<p${piece.subtle ? ` style="${STYLE.subtle}"` : ''}>${escaped(piece.text)}</p>`;
    case 'facts':
      return `<p>${piece.facts.map(({ label, value }) => `<strong>${escaped(label)}:</strong> ${escaped(value)}`).join('<br>\n')}</p>`;
    case 'items':
      return `<ul style="padding-left:20px">\n${piece.items.map(itemHtml).join('\n')}\n</ul>`;
    case 'anchors':
      return `<p style="margin:24px 0">${piece.anchors.map(buttonHtml).join('\n')}</p>`;
    case 'quote':
      return `<blockquote style="${STYLE.quote}">\n${piece.pieces.map(pieceHtml).join('\n')}\n</blockquote>`;
  }
}

function itemHtml({ text, detail, link }: Extract<Piece, { kind: 'items' }>['items'][number]): string {
  const below = detail ? `<br>\n${escaped(detail)}` : '';
  return `<li style="margin:4px 0">${escaped(text)}${below}${link ? `<br>\n<a href="${escaped(link.url)}">${escaped(link.label)}</a>` : ''}</li>`;
}

function buttonHtml({ label, url, style }: Anchor): string {
  return `<a href="${escaped(url)}" style="${STYLE.button}${style ? STYLE[style] : ''}">${escaped(label)}</a>`;
}

function escaped(text: string): string {
  return asHtml(text).replaceAll('\n', '<br>\n');
}
