import { describe, expect, test } from '@jest/globals';
import { faultsOf, isCountry, isVatId, paperOf, partyNamed, partyOf } from './party.ts';

const party = (more: Record<string, string>) => partyOf({ name: 'Acme', ...more });

describe('who bills and who is billed', () => {
  test('is kept in one spelling of its codes, whatever was typed', () => {
    expect(
      party({ country: 'de', taxId: 'de 123.456.789', iban: 'de89 3704 0044 0532 0130 00', email: 'A@B.de' }),
    ).toEqual({
      ...partyNamed('Acme'),
      ...{ country: 'DE', taxId: 'DE123456789', iban: 'DE89370400440532013000', email: 'a@b.de' },
    });
  });

  test('may have a tax number, which stays as it was typed', () => {
    expect(party({ taxId: '22/815/08154' }).taxId).toBe('22/815/08154');
  });

  test.each([
    ['country', 'UK'],
    ['country', 'EU'],
    ['country', 'D'],
    ['country', 'DD'],
    ['iban', 'DE89 3704 0044 0532 0130 01'],
    ['iban', 'DE89'],
    ['iban', 'QQ89370400440532013000'],
    ['email', 'nobody'],
  ])('is refused beside the field for the %s %s', (field, typed) => {
    expect(faultsOf(party({ [field]: typed }))).toEqual({ [field]: expect.any(String) });
  });

  test.each([
    ['country', 'GB'],
    ['country', 'xk'],
    ['iban', 'NL91ABNA0417164300'],
    ['iban', 'MT84MALT011000012345MTLCAST001S'],
    ['email', 'ap@acme.example'],
  ])('is taken with the %s %s', (field, typed) => {
    expect(faultsOf(party({ [field]: typed }))).toEqual({});
  });
});

test.each([
  ['DE123456789', true],
  ['EL123456789', true],
  ['XI123456789', true],
  ['ATU12345678', true],
  ['GR123456789', true],
  ['22/815/08154', false],
  ['ZZ123', false],
  ['DEUTSCH', false],
])('%s is a VAT id: %s', (id, isOne) => {
  expect(isVatId(id)).toBe(isOne);
});

test('a code that is no country’s any more is none', () => {
  expect(['DE', 'US', 'CS', 'SU', 'AN', 'ZZ', 'de'].filter(isCountry)).toEqual(['DE', 'US']);
});

test.each([
  ['US', 'Europe/Berlin', 'LETTER'],
  ['DE', 'America/New_York', 'A4'],
  [null, 'America/Los_Angeles', 'LETTER'],
  [null, 'America/Toronto', 'LETTER'],
  [null, 'US/Pacific', 'LETTER'],
  [null, 'America/Sao_Paulo', 'A4'],
  [null, 'Europe/Paris', 'A4'],
  [null, 'Asia/Tokyo', 'A4'],
] as const)('for %s in %s, the page is %s', (country, timezone, paper) => {
  expect(paperOf({ country }, timezone)).toBe(paper);
});
