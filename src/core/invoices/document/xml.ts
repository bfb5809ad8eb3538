import { create } from 'xmlbuilder2';

/** Elements by name, in their order: a text, more elements, or several of one name. An attribute begins with @, the text beside it is #. */
export interface Elements {
  [name: string]: string | Elements | Elements[];
}

/** Writes a document; the same elements give the same bytes. */
export function xmlOf(root: Elements): Buffer {
  const text = create({ version: '1.0', encoding: 'UTF-8' }, allowed(root)).end({ prettyPrint: true });
  return Buffer.from(`${text}\n`);
}

/** Characters that XML 1.0 has no way to write, not even as a reference. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function allowed(value: Elements): Elements {
  const clean = (one: Elements[string]): Elements[string] => {
    if (typeof one === 'string') return one.toWellFormed().replaceAll(FORBIDDEN, '');
    return Array.isArray(one) ? one.map(allowed) : allowed(one);
  };
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, clean(one)]));
}

/** An element that is there only where there is something to say. */
export function given(
  name: string,
  value: string | null,
  make: (value: string) => Elements[string] = (one) => one,
): Elements {
  return value === null ? {} : { [name]: make(value) };
}

/** What is said in words on the whole of a document: its title, and the notes below it. */
export function notesOf({ title, notes }: { title: string; notes: string | null }): string {
  return notes ? `${title}\n\n${notes}` : title;
}

/** What the kinds are called in UNTDID 1001: commercial invoice, prepayment invoice, credit note. */
export const TYPE_CODES = { invoice: '380', deposit: '386', credit: '381' } as const;

/** The rules that the document follows: EN 16931, and nothing beyond. */
export const RULES = 'urn:cen.eu:en16931:2017';

/** "One" in the list of units of UN/ECE: lines count pieces, hours and days alike, and say in words which. */
export const UNIT = 'C62';

/** SEPA credit transfer, in UNTDID 4461. */
export const TRANSFER = '58';

/** Why nothing is taxed, by its code; where there is none, the reason stands in words alone. */
export function exemptionCode(category: string): string | null {
  return category === 'AE' ? 'VATEX-EU-AE' : null;
}
