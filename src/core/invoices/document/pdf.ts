import { dayText } from '../../kernel/dates.ts';
import { vatText } from '../../kernel/vat.ts';
import type { Party } from '../party.ts';
import { countryName, isVatId } from '../party.ts';
import type { Bill, BillLine } from './bill.ts';
import { addressLines, shownMoney } from './bill.ts';
import type { Column } from './sheet.ts';
import { Sheet } from './sheet.ts';

const COLUMNS: readonly Column[] = [
  { title: 'No.', width: 26 },
  { title: 'What' },
  { title: 'Quantity', width: 62, align: 'right' },
  { title: 'Unit price', width: 92, align: 'right' },
  { title: 'Tax', width: 76, align: 'right' },
  { title: 'Amount', width: 100, align: 'right' },
];

/** Where the totals begin, in points from the left. */
const TOTALS = 220;

/**
 * The invoice as PDF/A-3a: tagged, with its fonts, for the client's paper.
 * @param invoice the same as Cross Industry Invoice, which makes it a Factur-X; null where something is missing for that
 */
export async function pdfOf(bill: Bill, invoice: Buffer | null): Promise<Buffer> {
  const { name, title, paper, seller, buyer, currency, notes, voided } = bill;
  const sheet = new Sheet({ title: name, paper, madeAt: bill.issued.at });
  sheet.say(voided === null ? name : `${name} – void`, { type: 'H1', size: 18, bold: true });
  if (voided !== null) sheet.say(`It was voided, and nothing is due by it: ${voided}`, { bold: true });
  sheet.say(title, { size: 11 });
  sheet.blocks([
    { title: 'From', lines: partyLines(seller) },
    { title: 'To', lines: partyLines(buyer) },
  ]);
  sheet.facts(factsOf(bill));
  sheet.table(
    COLUMNS,
    bill.lines.map((line) => rowOf(line, currency)),
  );
  sheet.facts(totalsOf(bill), { at: TOTALS, wide: 165, boldLast: true });
  const payment = paymentText(bill);
  if (payment) sheet.say(payment);
  if (notes) sheet.say(notes);
  if (invoice) sheet.attach(invoice);
  return sheet.bytes(`${seller.name} · ${name}`);
}

function partyLines(party: Party): string[] {
  const { name, country, taxId, email } = party;
  return [
    name,
    ...addressLines(party),
    ...(country ? [countryName(country)] : []),
    ...(taxId ? [`${isVatId(taxId) ? 'VAT id' : 'Tax number'}: ${taxId}`] : []),
    ...(email ? [email] : []),
  ];
}

function factsOf({ number, issued, dueOn, corrects, quote, project, buyer }: Bill): [string, string][] {
  const facts: [string, string | null][] = [
    ['Number', number],
    ['Issued on', dayText(issued.on)],
    ['Last day to pay', dueOn && dayText(dueOn)],
    ['Corrects invoice', corrects],
    ['Quote', quote],
    ['Project', project],
    ['Your reference', buyer.reference],
  ];
  return facts.flatMap(([label, value]) => (value ? [[label, value] as [string, string]] : []));
}

function rowOf({ number, text, quantity, price, vat, net }: BillLine, currency: string): string[] {
  return [number, text, quantity, shownMoney(price, currency), vatText(vat), shownMoney(net, currency)];
}

function totalsOf({ kind, currency, net, taxes, gross }: Bill): [string, string][] {
  return [
    ['Without tax', shownMoney(net, currency)],
    ...taxes.map(({ label, tax }): [string, string] => [label, shownMoney(tax, currency)]),
    [kind === 'credit' ? 'Credited in total' : 'Total', shownMoney(gross, currency)],
  ];
}

function paymentText({ kind, voided, gross, currency, dueOn, seller, number }: Bill): string | null {
  if (kind === 'credit' || voided !== null) return null;
  if (/^0(\.0+)?$/.test(gross)) return 'Nothing is to be paid.';
  const until = dueOn ? ` until ${dayText(dueOn)}` : '';
  const to = seller.iban ? ` to ${seller.name}, IBAN ${inFours(seller.iban)}` : '';
  return `Please pay ${shownMoney(gross, currency)}${until}${to}, with the reference ${number}.`;
}

/** As it is printed on cards and forms. */
function inFours(iban: string): string {
  return iban.replaceAll(/(.{4})(?=.)/g, '$1 ');
}
