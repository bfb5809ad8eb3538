import type { Anchor, Piece } from './letter.ts';

/** Writes a mail's plain text. */
export function textOf(pieces: readonly Piece[]): string {
  return `${pieces.map(pieceText).join('\n\n')}\n`;
}

function pieceText(piece: Piece): string {
  switch (piece.kind) {
    case 'heading':
      return piece.status ? `${piece.text}\n[${piece.status}]` : piece.text;
    case 'title':
    case 'paragraph':
      return piece.text;
    case 'facts':
      return piece.facts.map(({ label, value }) => `${label}: ${indented(value)}`).join('\n');
    case 'items':
      return piece.items
        .map(({ text, detail, link }) =>
          [`- ${indented(text)}`, ...(detail ? [indented(detail)] : []), ...(link ? [anchorText(link)] : [])].join(
            '\n  ',
          ),
        )
        .join('\n');
    case 'anchors':
      return piece.anchors.map(anchorText).join('\n');
    case 'quote':
      return textOf(piece.pieces).trimEnd().replaceAll(/^/gm, '> ');
  }
}

function anchorText({ label, url }: Anchor): string {
  return `${label}: ${url}`;
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n  ');
}
