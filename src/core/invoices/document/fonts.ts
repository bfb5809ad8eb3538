import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Font } from 'fontkit';
import { create } from 'fontkit';

const require = createRequire(import.meta.url);

/** Read once: each document takes its signs out of it. */
function load(name: string): Font {
  return create(readFileSync(require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`))) as Font;
}

/** Embedded in each document: Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic and many signs; not Chinese, Japanese or Korean. */
export const FONTS = { regular: load('DejaVuSansCondensed'), bold: load('DejaVuSansCondensed-Bold') };

const BOLD = new Set(FONTS.bold.characterSet);
const DRAWN = new Set(FONTS.regular.characterSet.filter((sign) => BOLD.has(sign)));

/** In place of a character that the fonts do not have: a document of archives may hold none that is not drawn. */
const REPLACEMENT = '\ufffd';

/** A text as it can be drawn: without what is invisible (line breaks stay), and with a mark for what the fonts do not have. */
export function drawable(text: string): string {
  const visible = text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll('\t', ' ')
    .replaceAll(/(?!\n)\p{C}/gu, '');
  return Array.from(visible, (sign) =>
    sign === '\n' || DRAWN.has(sign.codePointAt(0) ?? 0) ? sign : REPLACEMENT,
  ).join('');
}
