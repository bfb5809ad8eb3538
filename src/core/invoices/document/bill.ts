import { digitsOf } from '../../kernel/currencies.ts';
import { amountText, moneyText, rateText } from '../../kernel/money.ts';
import { netOf } from '../../kernel/priced-line.ts';
import type { Vat, VatShare } from '../../kernel/vat.ts';
import { vatText } from '../../kernel/vat.ts';
import type { Line } from '../content.ts';
import { sumsOf } from '../content.ts';
import type { Parties, Party } from '../party.ts';
import type { Invoice, Issued } from '../schema.ts';
import { KIND_LABELS } from '../wording.ts';

/** An issued invoice as a document says it, in whatever form: amounts are decimals without a sign of a currency. */
export interface Bill extends Parties {
  kind: Invoice['kind'];
  /** "Invoice 2026-0007" */
  name: string;
  number: string;
  title: string;
  issued: Issued;
  dueOn: string | null;
  currency: string;
  /** The invoice that a credit note is about. */
  corrects: string | null;
  project: string | null;
  lines: BillLine[];
  taxes: BillTax[];
  net: string;
  tax: string;
  gross: string;
  notes: string | null;
  /** Why it was voided; null while it stands. */
  voided: string | null;
}

/** A line. What is taken off is a quantity below zero: a price is never. */
export interface BillLine {
  number: string;
  text: string;
  quantity: string;
  price: string;
  net: string;
  vat: Vat;
  category: Category;
  /** In per cent. */
  rate: string;
}

/** The tax on all that is taxed alike. */
export interface BillTax {
  category: Category;
  rate: string;
  net: string;
  tax: string;
  /** Why nothing is taxed; null where something is. */
  exemption: string | null;
  label: string;
}

/** Of UNTDID 5305: standard rate, zero rate, exempt, reverse charge. */
export type Category = 'S' | 'Z' | 'E' | 'AE';

/** @throws Error for a draft: it has no document */
export function billOf(it: Invoice, parties: Parties): Bill {
  const { content, kind, state, dueOn, corrects, projectName } = it;
  const issued = 'issued' in state ? state.issued : null;
  if (!issued) throw new Error(`${it.id} was never issued`);
  const { currency, title, notes } = content;
  const { net, tax, gross, shares } = sumsOf(content);
  const text = (amount: bigint) => amountText({ amount, currency });
  return {
    ...{ ...parties, kind, number: issued.number, name: `${KIND_LABELS[kind]} ${issued.number}`, title, issued, dueOn },
    ...{ currency, corrects: corrects?.number ?? null, project: projectName },
    lines: content.lines.map((line) => lineOf(line, currency)),
    taxes: taxesOf(shares, currency),
    ...{ net: text(net), tax: text(tax), gross: text(gross), notes },
    voided: state.status === 'void' ? state.ended.reason : null,
  };
}

function lineOf(line: Line, currency: string): BillLine {
  const { number, text, quantity, unitPrice, vat } = line;
  const isOff = unitPrice < 0;
  return {
    ...{ number: String(number), text, vat, category: categoryOf(vat), rate: rateOf(vat) },
    quantity: isOff ? `-${quantity}` : quantity,
    price: amountText({ amount: BigInt(isOff ? -unitPrice : unitPrice), currency }),
    net: amountText({ amount: netOf(line), currency }),
  };
}

function categoryOf(vat: Vat): Category {
  if (vat.kind === 'reverse-charge') return 'AE';
  if (vat.kind === 'exempt') return 'E';
  return vat.rate === 0 ? 'Z' : 'S';
}

function rateOf(vat: Vat): string {
  return vat.kind === 'rate' ? rateText(vat.rate).replace(' %', '') : '0';
}

/** By category and rate: what is exempt for several reasons is one sum with all of them. */
function taxesOf(shares: readonly VatShare[], currency: string): BillTax[] {
  const groups = Map.groupBy(shares, ({ vat }) => `${categoryOf(vat)} ${rateOf(vat)}`);
  return [...groups.values()].flatMap((alike) => {
    const [first] = alike;
    if (!first) return [];
    const net = alike.reduce((sum, share) => sum + share.net, 0n);
    const tax = alike.reduce((sum, share) => sum + share.tax, 0n);
    const text = (amount: bigint) => amountText({ amount, currency });
    return [
      {
        ...{ category: categoryOf(first.vat), rate: rateOf(first.vat), net: text(net), tax: text(tax) },
        exemption: exemptionOf(alike.map(({ vat }) => vat)),
        label: `${alike.map(({ vat }) => vatText(vat)).join('; ')} on ${moneyText({ amount: net, currency })}`,
      },
    ];
  });
}

function exemptionOf(vats: readonly Vat[]): string | null {
  const reasons = vats.flatMap((vat) =>
    vat.kind === 'exempt' ? [vat.reason] : vat.kind === 'reverse-charge' ? ['Reverse charge'] : [],
  );
  return reasons.length ? reasons.join('; ') : null;
}

/** The same amount as people read it. */
export function shownMoney(decimal: string, currency: string): string {
  return moneyText({ amount: unitsIn(decimal, currency), currency });
}

function unitsIn(decimal: string, currency: string): bigint {
  const [whole = '', part = ''] = decimal.split('.');
  return BigInt(`${whole}${part.padEnd(digitsOf(currency), '0')}`);
}

/** The lines of an address, as it stands on a letter. */
export function addressLines({ street, addition, postCode, city }: Party): string[] {
  return [street, addition, [postCode, city].filter(Boolean).join(' ')].flatMap((text) => (text ? [text] : []));
}
