import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { convert } from 'xmlbuilder2';
import { BILLS, exempt, issuedWith, lineAt, PARTIES, REVERSED, rate } from '../../../testing/bills.ts';
import { broken, misbuilt, rulesOf, structureOf } from '../../../testing/en16931.ts';
import type { Vat } from '../../kernel/vat.ts';
import type { Content, Line } from '../content.ts';
import { partyNamed } from '../party.ts';
import type { Invoice } from '../schema.ts';
import type { Bill } from './bill.ts';
import { billOf } from './bill.ts';
import { ciiOf } from './cii.ts';
import { isComplete, lacksOf } from './e-invoice.ts';
import { ublOf } from './ubl.ts';

const SCHEMAS = {
  'Cross Industry Invoice': { write: ciiOf, syntax: 'CII' },
  UBL: { write: ublOf, syntax: 'UBL' },
} as const;

describe.each(Object.entries(SCHEMAS))('as %s, by the standard’s own description', (_name, { write, syntax }) => {
  const [rules, structure] = [rulesOf(syntax), structureOf(syntax)];

  (rules ? test : test.skip)('every kind of invoice keeps the rules of EN 16931', () => {
    const written = Object.fromEntries(Object.entries(BILLS).map(([name, bill]) => [name, write(bill)]));
    expect(broken(rules, written)).toEqual(Object.fromEntries(Object.keys(BILLS).map((name) => [name, []])));
  });

  (rules ? test : test.skip)(
    'what is wrong is noticed: a sum, no country, no VAT id of who accounts for the tax',
    () => {
      const { buyer, seller, ...bill } = BILLS['of reverse charge'] as Bill;
      const it = { ...bill, gross: '500.01', buyer: { ...buyer, taxId: null }, seller: { ...seller, country: null } };
      expect(broken(rules, { it: write(it) }).it).toEqual(expect.arrayContaining(['BR-CO-15', 'BR-09', 'BR-AE-02']));
    },
  );

  (structure ? test.each : test.skip.each)(Object.entries(BILLS))(
    'one %s is built as its schema says',
    async (_of, bill) => {
      expect(await misbuilt(structure, write(bill), bill.kind)).toEqual([]);
    },
  );

  (structure ? test : test.skip)('one that lacks its number is noticed', async () => {
    const bill = BILLS['a plain one'] as Bill;
    const text = write(bill)
      .toString()
      .replace(/<(ram|cbc):ID>2026-0007<\/\1:ID>/, '');
    expect(await misbuilt(structure, Buffer.from(text), bill.kind)).not.toEqual([]);
  });
});

describe('what an e-invoice lacks', () => {
  const content = { currency: 'EUR', rounding: 'document' as const, lines: [lineAt(1, 'Shop', 100)] };

  test('is said of whoever lacks it', () => {
    expect(lacksOf(content, { ...PARTIES, seller: partyNamed('Northwind'), buyer: partyNamed('Acme') })).toEqual({
      seller: ['a country', 'a VAT id or tax number'],
      buyer: ['a country'],
      content: [],
    });
    expect(isComplete(lacksOf(content, PARTIES))).toBe(true);
  });

  test('is a VAT id of the client where the client accounts for the tax', () => {
    const reversed = { ...content, lines: [lineAt(1, 'Shop', 100, { vat: REVERSED })] };
    const buyer = { ...PARTIES.buyer, taxId: '12/34' };
    expect(lacksOf(reversed, { ...PARTIES, buyer }).buyer).toEqual(['a VAT id, for reverse charge']);
  });

  test('is nothing that can be added, where the amounts are none that the standard knows', () => {
    const dinars = { ...content, currency: 'KWD' };
    const yen = {
      currency: 'JPY',
      rounding: 'line' as const,
      lines: Array.from({ length: 9 }, (_, n) => lineAt(n + 1, 'One', 13, { vat: rate(10) })),
    };
    expect(lacksOf(dinars, PARTIES).content).toEqual(['amounts in KWD, with more than two digits']);
    expect(lacksOf(yen, PARTIES).content).toEqual(['tax that was rounded on each line']);
  });
});

/** The amounts of an e-invoice, read from its text and added up anew in hundredths. */
interface Amounts {
  lines: { net: bigint; category: string; rate: bigint }[];
  taxes: { net: bigint; tax: bigint; category: string; rate: bigint }[];
  net: bigint;
  exclusive: bigint;
  tax: bigint;
  inclusive: bigint;
  payable: bigint;
}

type Node = string | { [name: string]: Node | Node[] };

const parsed = (xml: Buffer) => convert(xml.toString(), { format: 'object' }) as Node;
/** The elements at the end of a path of names. */
function all(inside: Node, ...path: string[]): Node[] {
  const [name, ...rest] = path;
  if (name === undefined) return [inside];
  const found = typeof inside === 'string' ? [] : [inside[name] ?? []].flat();
  return found.flatMap((one) => all(one, ...rest));
}
function textAt(inside: Node, ...path: string[]): string {
  const [one] = all(inside, ...path);
  const text = typeof one === 'object' ? one['#'] : one;
  if (typeof text !== 'string') throw new Error(`no ${path.join('/')}`);
  return text;
}
const hundredths = (text: string): bigint => {
  const [, sign = '', whole = '', part = ''] = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  if (!whole) throw new Error(`${text} is no amount of two digits`);
  return BigInt(`${sign}${whole}${part.padEnd(2, '0')}`);
};

function amountsOfUbl(xml: Buffer): Amounts {
  const document = parsed(xml);
  const [root = ''] = [...all(document, 'Invoice'), ...all(document, 'CreditNote')];
  const total = (name: string) => hundredths(textAt(root, 'cac:LegalMonetaryTotal', name));
  const taxIn = (one: Node) => ({
    category: textAt(one, 'cbc:ID'),
    rate: hundredths(textAt(one, 'cbc:Percent')),
  });
  return {
    lines: [...all(root, 'cac:InvoiceLine'), ...all(root, 'cac:CreditNoteLine')].map((line) => ({
      net: hundredths(textAt(line, 'cbc:LineExtensionAmount')),
      ...taxIn(all(line, 'cac:Item', 'cac:ClassifiedTaxCategory')[0] ?? ''),
    })),
    taxes: all(root, 'cac:TaxTotal', 'cac:TaxSubtotal').map((tax) => ({
      net: hundredths(textAt(tax, 'cbc:TaxableAmount')),
      tax: hundredths(textAt(tax, 'cbc:TaxAmount')),
      ...taxIn(all(tax, 'cac:TaxCategory')[0] ?? ''),
    })),
    net: total('cbc:LineExtensionAmount'),
    exclusive: total('cbc:TaxExclusiveAmount'),
    tax: hundredths(textAt(root, 'cac:TaxTotal', 'cbc:TaxAmount')),
    inclusive: total('cbc:TaxInclusiveAmount'),
    payable: total('cbc:PayableAmount'),
  };
}

function amountsOfCii(xml: Buffer): Amounts {
  const [root = ''] = all(parsed(xml), 'rsm:CrossIndustryInvoice', 'rsm:SupplyChainTradeTransaction');
  const [header = ''] = all(root, 'ram:ApplicableHeaderTradeSettlement');
  const total = (name: string) =>
    hundredths(textAt(header, 'ram:SpecifiedTradeSettlementHeaderMonetarySummation', name));
  const taxIn = (one: Node) => ({
    category: textAt(one, 'ram:CategoryCode'),
    rate: hundredths(textAt(one, 'ram:RateApplicablePercent')),
  });
  const lines = all(root, 'ram:IncludedSupplyChainTradeLineItem', 'ram:SpecifiedLineTradeSettlement');
  return {
    lines: lines.map((line) => ({
      net: hundredths(textAt(line, 'ram:SpecifiedTradeSettlementLineMonetarySummation', 'ram:LineTotalAmount')),
      ...taxIn(all(line, 'ram:ApplicableTradeTax')[0] ?? ''),
    })),
    taxes: all(header, 'ram:ApplicableTradeTax').map((tax) => ({
      net: hundredths(textAt(tax, 'ram:BasisAmount')),
      tax: hundredths(textAt(tax, 'ram:CalculatedAmount')),
      ...taxIn(tax),
    })),
    net: total('ram:LineTotalAmount'),
    exclusive: total('ram:TaxBasisTotalAmount'),
    tax: total('ram:TaxTotalAmount'),
    inclusive: total('ram:GrandTotalAmount'),
    payable: total('ram:DuePayableAmount'),
  };
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, one) => total + one, 0n);

/** BR-CO-10, 13, 14, 15, 16, 17 and BR-S-8 with its like, said once more. */
function requireConsistent({ lines, taxes, net, exclusive, tax, inclusive, payable }: Amounts): void {
  expect(net).toBe(sum(lines.map((line) => line.net)));
  expect(exclusive).toBe(net);
  expect(tax).toBe(sum(taxes.map((share) => share.tax)));
  expect(inclusive).toBe(exclusive + tax);
  expect(payable).toBe(inclusive);
  const key = ({ category, rate: percent }: { category: string; rate: bigint }) => `${category} ${percent}`;
  expect(taxes.map(key).sort()).toEqual([...new Set(lines.map(key))].sort());
  for (const share of taxes) {
    expect(share.net).toBe(sum(lines.filter((line) => key(line) === key(share)).map((line) => line.net)));
    const off = share.tax * 10_000n - share.net * share.rate;
    // Less than one of the currency, in millionths of it.
    expect((off < 0n ? -off : off) < 1_000_000n).toBe(true);
  }
}

const vats = fc.oneof(
  fc.integer({ min: 0, max: 10_000 }).map((hundredth): Vat => ({ kind: 'rate', rate: hundredth })),
  fc.constantFrom<Vat>(rate(19), rate(7), rate(0), REVERSED, exempt('education'), exempt('care')),
);
const lines = fc
  .array(
    fc.record({
      unitPrice: fc.integer({ min: -1_000_000, max: 10_000_000 }),
      quantity: fc.integer({ min: 1, max: 9_999_999 }).map((units) => String(units / 1_000)),
      vat: vats,
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((some) => some.map((one, index): Line => lineAt(index + 1, `Line ${index + 1}`, one.unitPrice, one)));
const contents = fc.record({
  lines,
  rounding: fc.constantFrom<Content['rounding']>('document', 'line'),
  currency: fc.constantFrom('EUR', 'USD', 'JPY', 'CHF'),
});

test('of any invoice that may be an e-invoice, both syntaxes add up to the cent', () => {
  let tried = 0;
  fc.assert(
    fc.property(contents, fc.constantFrom<Invoice['kind']>('invoice', 'deposit', 'credit'), (content, kind) => {
      fc.pre(isComplete(lacksOf(content, PARTIES)));
      const bill = billOf(issuedWith(content, { kind }), PARTIES);
      requireConsistent(amountsOfUbl(ublOf(bill)));
      requireConsistent(amountsOfCii(ciiOf(bill)));
      tried += 1;
    }),
    { numRuns: 1_000 },
  );
  expect(tried).toBe(1_000);
});
