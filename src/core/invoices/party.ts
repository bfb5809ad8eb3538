import { z } from 'zod';
import type { Faults } from '../kernel/faults.ts';
import { line, nameOf, optional } from '../kernel/field.ts';

const known = (what: string) => z.string().nullable().describe(what);

/** Who bills or is billed, as documents name them. What is not known is null. */
export const Party = z.strictObject({
  name: z.string().describe('The name that it does business under'),
  street: known('Street and number'),
  addition: known('What else belongs to the address'),
  postCode: known('The post code'),
  city: known('The town'),
  country: known('The country, by its two letters of ISO 3166'),
  taxId: known('Its VAT id, like DE123456789, or a tax number'),
  iban: known('The bank account that is paid to'),
  email: known('Where it takes electronic invoices'),
  reference: known('By what it finds its own orders: a Leitweg-ID, a cost centre'),
});
export type Party = z.infer<typeof Party>;

/** Of a party of which nothing was said yet. */
export function partyNamed(name: string): Party {
  const none = { street: null, addition: null, postCode: null, city: null, country: null };
  return { name, ...none, taxId: null, iban: null, email: null, reference: null };
}

/** A page of A4, or of Letter where that is what is printed on. */
export const PAPERS = ['A4', 'LETTER'] as const;
export type Paper = (typeof PAPERS)[number];

/** Whose document it is. It is kept when the invoice is issued, and stays as it was then. */
export const Parties = z.strictObject({
  seller: Party.describe('Who bills'),
  buyer: Party.describe('Who is billed'),
  paper: z.enum(PAPERS).describe('The page that it is made for'),
  quote: z.string().nullable().describe('What the quote is called that it was made of'),
});
export type Parties = z.infer<typeof Parties>;

const address = {
  name: nameOf({ label: 'Name', hint: 'As it stands in the trade register, or the person’s own.' }),
  street: optional(line({ label: 'Street and number', most: 120 })),
  addition: optional(line({ label: 'Address, second line', most: 120 })),
  postCode: optional(line({ label: 'Post code', most: 20 })),
  city: optional(line({ label: 'Town', most: 120 })),
  country: optional(line({ label: 'Country', most: 2, placeholder: 'DE', hint: 'Two letters, like DE' })),
  taxId: optional(line({ label: 'VAT id or tax number', most: 30, placeholder: 'DE123456789' })),
};
const email = optional(line({ label: 'Mail address for electronic invoices', most: 120 }));

export const sellerFields = {
  ...address,
  iban: optional(line({ label: 'IBAN', most: 42, hint: 'The bank account that clients pay to.' })),
  email,
};
export const buyerFields = {
  ...address,
  email,
  reference: optional(
    line({ label: 'Their reference', most: 60, hint: 'A Leitweg-ID or cost centre, if they asked for one.' }),
  ),
};

type Typed = { name: string } & { [K in Exclude<keyof Party, 'name'>]?: string | undefined };

/** What was typed, as it is kept: codes in one spelling. */
export function partyOf({ country, taxId, iban, email, ...typed }: Typed): Party {
  const joined = (text: string | undefined) => text?.toUpperCase().replaceAll(/[\s.-]/g, '') ?? null;
  const id = joined(taxId);
  const { name, street = null, addition = null, postCode = null, city = null, reference = null } = typed;
  return {
    ...{ name, street, addition, postCode, city, reference },
    ...{ country: country?.toUpperCase() ?? null, iban: joined(iban), email: email?.toLowerCase() ?? null },
    // A tax number keeps its strokes and points.
    taxId: id && isVatId(id) ? id : (taxId ?? null),
  };
}

/** What of it cannot be, beside the field. */
export function faultsOf({ country, iban, email }: Party): Faults {
  return {
    ...(country && !isCountry(country) ? { country: 'is not a country; write two letters like DE' } : {}),
    ...(iban && !isIban(iban) ? { iban: 'is not an IBAN; please compare it letter by letter' } : {}),
    ...(email && !z.email().safeParse(email).success ? { email: 'does not look like a mail address' } : {}),
  };
}

const REGIONS = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
/** Codes that name more or less than a country of ISO 3166. */
const NO_COUNTRIES = ['AC', 'CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'QO', 'TA', 'UN', 'XA', 'XB', 'ZZ'];

export function isCountry(code: string): boolean {
  if (!/^[A-Z]{2}$/.test(code) || NO_COUNTRIES.includes(code)) return false;
  // A code that is none any more is read as the one that took its place.
  return new Intl.Locale(`und-${code}`).region === code && REGIONS.of(code) !== undefined;
}

export function countryName(code: string): string {
  return REGIONS.of(code) ?? code;
}

/** A VAT id begins with its country's code; Greece writes EL, Northern Ireland XI. */
export function isVatId(id: string): boolean {
  const [, prefix = ''] = /^([A-Z]{2})[0-9A-Z+*]{2,13}$/.exec(id) ?? [];
  return /\d/.test(id) && (['EL', 'XI'].includes(prefix) || isCountry(prefix));
}

/** ISO 7064, mod 97-10: all letters as numbers, the first four signs at the end, are 1 more than a multiple of 97. */
function isIban(iban: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(iban) || !isCountry(iban.slice(0, 2))) return false;
  const digits = [...`${iban.slice(4)}${iban.slice(0, 4)}`].map((sign) => Number.parseInt(sign, 36)).join('');
  return BigInt(digits) % 97n === 1n;
}

/** Where people print on Letter. */
const LETTER_COUNTRIES = ['US', 'CA'];

/** By the client's country, or (where nobody said) by their time zone. */
export function paperOf({ country }: Pick<Party, 'country'>, timezone: string): Paper {
  if (country) return LETTER_COUNTRIES.includes(country) ? 'LETTER' : 'A4';
  return isOf(LETTER_COUNTRIES, timezone) ? 'LETTER' : 'A4';
}

function isOf(countries: readonly string[], timezone: string): boolean {
  if (/^(US|Canada)\//.test(timezone)) return true;
  return countries.some((country) => zonesOf(country).includes(timezone));
}

/** What the libraries of TypeScript do not know yet. */
function zonesOf(country: string): string[] {
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & { getTimeZones(): string[] | undefined };
  return locale.getTimeZones() ?? [];
}
