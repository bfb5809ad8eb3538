import { asHtml } from './text.ts';

/** HTML that was written here or escaped; the only thing that is put into a page as it is. */
export interface Html {
  html: string;
}

type Part = Html | string | number | null | false | undefined | readonly Html[];

/** Writes HTML: html`<p>${text}</p>`. Whatever is not Html itself is escaped. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return { html: strings.reduce((sum, text, index) => `${sum}${written(parts[index - 1])}${text}`) };
}

function written(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (Array.isArray(part)) return part.map((one: Html) => one.html).join('\n');
  if (typeof part === 'object') return (part as Html).html;
  return asHtml(String(part));
}
