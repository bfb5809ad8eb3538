import { describe, expect, test } from '@jest/globals';
import { billWith, lineAt, PARTIES } from '../../../testing/bills.ts';
import { hasPoppler, seenIn } from '../../../testing/poppler.ts';
import { partyNamed } from '../party.ts';
import type { Bill } from './bill.ts';
import { ciiOf } from './cii.ts';
import { drawable } from './fonts.ts';
import { pdfOf } from './pdf.ts';

const BILL = billWith({
  notes: 'Thank you – we enjoyed it.\nUntil soon.',
  lines: [
    lineAt(1, 'Checkout redesign', 60_000, { quantity: '2.5' }),
    lineAt(2, 'Training', 9_000, { vat: { kind: 'exempt', reason: 'education (§ 4 No. 21 UStG)' } }),
    lineAt(3, 'Consulting', 5_000, { vat: { kind: 'reverse-charge' } }),
    lineAt(4, 'Deposit, billed by 2026-0003', -36_001, { tax: -6_840 }),
  ],
});
const whole = (bill: Bill) => pdfOf(bill, ciiOf(bill));
const read = hasPoppler() ? test : test.skip;

describe('the PDF of an invoice', () => {
  read(
    'holds every line, total and reference, whom it is from and to, and what is to be paid until when and where',
    async () => {
      const { text } = seenIn(await whole(BILL));

      for (const words of [
        ...['Invoice 2026-0007', 'Website, second phase', 'Issued on 26 Nov 2026', 'Last day to pay 10 Dec 2026'],
        ...['Quote Q-12', 'Project Acme website', 'Your reference PO-4711'],
        ...['Northwind Studio GmbH Hafenstraße 7 Hinterhaus 20457 Hamburg Germany VAT id: DE123456789'],
        ...['Acme & Söhne <Handel> Rue de la Loi 16 1000 Bruxelles Belgium VAT id: BE0123456749'],
        ...['1 Checkout redesign 2.5 €600.00 19 % €1,500.00', '2 Training 1 €90.00', '€90.00', '3 Consulting 1 €50.00'],
        ...['Exempt: education (§ 4 No. 21 UStG)', '4 Deposit, billed by 2026-0003 -1 €360.01 19 % -€360.01'],
        ...['Without tax €1,279.99', '19 % on €1,139.99 €216.60', 'Reverse charge on €50.00 €0.00', 'Total €1,496.59'],
        'Please pay €1,496.59 until 10 Dec 2026 to Northwind Studio GmbH, IBAN DE89 3704 0044 0532 0130 00, with the reference 2026-0007.',
        ...['Thank you – we enjoyed it. Until soon.', 'Page 1 of 1'],
      ])
        expect(text).toContain(words);
    },
  );

  read('is PDF/A-3, tagged, with its fonts, and the e-invoice in it byte for byte', async () => {
    const pdf = await whole(BILL);
    const { info, fonts, files } = seenIn(pdf);

    expect(info).toMatchObject({
      Title: 'Invoice 2026-0007',
      Tagged: 'yes',
      'Metadata Stream': 'yes',
      JavaScript: 'no',
    });
    expect(fonts.length).toBeGreaterThan(0);
    for (const font of fonts) expect(font).toMatchObject({ embedded: true, subset: true, unicode: true });
    expect(files).toEqual({ 'factur-x.xml': ciiOf(BILL).toString() });
  });

  test('says of itself what the standards ask for: conformance, colours, language, and how the file in it stands to it', async () => {
    const raw = (await whole(BILL)).toString('latin1');
    const xmp = Buffer.from(/<\?xpacket begin[\s\S]*?<\?xpacket end/.exec(raw)?.[0] ?? '', 'latin1').toString();

    for (const words of ['<pdfaid:part>3</pdfaid:part>', '<pdfaid:conformance>A</pdfaid:conformance>'])
      expect(xmp).toContain(words);
    expect(xmp).toMatch(
      /<fx:DocumentType>INVOICE<.*<fx:DocumentFileName>factur-x.xml<.*<fx:ConformanceLevel>EN 16931</s,
    );
    expect(xmp).toContain('pdfaExtension:schemas');
    for (const key of ['/OutputIntents', '/GTS_PDFA1', '/StructTreeRoot', '/MarkInfo', '/Lang (en)', '/AF ['])
      expect(raw).toContain(key);
    expect(raw).toMatch(/\/AFRelationship \/Alternative/);
    expect(raw).toMatch(/\/Subtype \/text#2Fxml/);
    expect(raw).toMatch(/\/S \/Table/);
    expect(raw).not.toMatch(/\/Encrypt|\/Launch|\/JavaScript/);
  });

  read('without an e-invoice is a PDF/A-3 with no file in it, whatever is known of those it names', async () => {
    const bare = billWith(
      { lines: [lineAt(1, 'Photos', 40_000)] },
      { projectName: null, dueOn: '2026-12-10' },
      { seller: partyNamed('Ada'), buyer: partyNamed('Acme'), quote: null },
    );
    const pdf = await pdfOf(bare, null);
    const { text, files } = seenIn(pdf);

    expect(files).toEqual({});
    expect(pdf.includes('<pdfaid:part>3</pdfaid:part>') && !pdf.includes('/AF [')).toBe(true);
    expect(text).toContain(
      'From Ada To Acme Number 2026-0007 Issued on 26 Nov 2026 Last day to pay 10 Dec 2026 No. What',
    );
    expect(text).toContain('Please pay €476.00 until 10 Dec 2026, with the reference 2026-0007.');
  });

  test('is the same bytes each time, and others for another invoice', async () => {
    const [first, again, other] = await Promise.all([
      whole(BILL),
      whole(BILL),
      whole({ ...BILL, number: '2026-0008' }),
    ]);

    expect(first.equals(again)).toBe(true);
    expect(first.equals(other)).toBe(false);
  });

  read('is made for the client’s paper', async () => {
    const sizes = await Promise.all(
      (['A4', 'LETTER'] as const).map(async (paper) => seenIn(await whole({ ...BILL, paper })).info['Page size']),
    );

    expect(sizes).toEqual([expect.stringContaining('(A4)'), expect.stringContaining('(letter)')]);
  });

  read('of a credit note names the invoice that it corrects, and asks for no money', async () => {
    const note = billWith(
      { lines: [lineAt(1, 'Credit on 2026-0003', 4_202, { tax: 798 })], notes: 'It was late.' },
      { kind: 'credit', dueOn: null, corrects: { id: '', number: '2026-0003' } },
    );
    const { text } = seenIn(await whole(note));

    for (const words of [
      'Credit note 2026-0007',
      'Corrects invoice 2026-0003',
      'Credited in total €50.00',
      'It was late.',
    ])
      expect(text).toContain(words);
    expect(text).not.toContain('Please pay');
  });

  read('of what was voided says so first, with the reason, and asks for no money', async () => {
    const { text } = seenIn(await pdfOf({ ...BILL, voided: 'Billed twice' }, null));

    expect(text).toMatch(/^Invoice 2026-0007 – void It was voided, and nothing is due by it: Billed twice/);
    expect(text).not.toContain('Please pay');
  });

  read('of 200 lines goes over several pages, each with the titles of its columns and its number', async () => {
    const lines = Array.from({ length: 200 }, (_, index) =>
      lineAt(index + 1, `Hour ${index + 1} of work`, 10_001 + index),
    );
    const { text, info } = seenIn(await whole(billWith({ lines })));
    const pages = Number(info.Pages);

    expect(pages).toBeGreaterThan(3);
    expect(text.split('No. What Quantity Unit price Tax Amount')).toHaveLength(pages + 1);
    for (let page = 1; page <= pages; page += 1) expect(text).toContain(`Page ${page} of ${pages}`);
    for (const { text: words } of lines) expect(text).toContain(words);
    expect(text).toContain('200 Hour 200 of work 1 €102.00 19 % €102.00');
  });

  read('shows what was typed by whoever meant no good as words, or as a mark for what it cannot draw', async () => {
    const hostile = billWith(
      {
        title: 'A\u0007B\u202eC \u{1f469}\u200d\u{1f4bb}',
        lines: [
          lineAt(1, `<script>${'x'.repeat(292)}`, 100),
          lineAt(2, 'שלום and مرحبا', 100),
          lineAt(3, '中文\ud800', 100),
        ],
        notes: `(\\) Tj ET endstream endobj\n${'long '.repeat(6_000)}the end of it`,
      },
      {},
      { buyer: { ...PARTIES.buyer, name: '\u0002<b>&"\'()' }, seller: { ...PARTIES.seller, name: 'N&<'.repeat(40) } },
    );
    const { text, info } = seenIn(await whole(hostile));

    expect(text).toContain('ABC ��');
    expect(text.replaceAll(' ', '')).toContain(`<script>${'x'.repeat(292)}`);
    expect(text).toContain('(\\) Tj ET endstream endobj long');
    expect(text).toContain('the end of it');
    expect(text).toContain('3 ���');
    expect(text).toContain(`<b>&"'()`);
    expect(Number(info.Pages)).toBeGreaterThan(3);
  });

  read('holds the greatest amounts there are, in one piece', async () => {
    const most = billWith({
      currency: 'KWD',
      lines: [lineAt(1, 'All of it', 10_000_000_000_000, { vat: { kind: 'rate', rate: 0 } })],
    });

    expect(seenIn(await pdfOf(most, null)).text).toContain('KWD 10,000,000,000.000');
  });
});

test('what is drawn keeps line breaks, and loses what is invisible', () => {
  expect(drawable('a\r\nb\rc\td\u00ad\u200b\u2066e\u0000')).toBe('a\nb\nc de');
  expect(drawable('Ж Ω ё ß € – ’')).toBe('Ж Ω ё ß € – ’');
  expect(drawable('漢\ud800')).toBe('��');
});
