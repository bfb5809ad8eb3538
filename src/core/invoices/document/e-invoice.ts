import { z } from 'zod';
import { digitsOf } from '../../kernel/currencies.ts';
import type { Content } from '../content.ts';
import { sumsOf } from '../content.ts';
import type { Parties, Party } from '../party.ts';
import { isVatId } from '../party.ts';

/** What EN 16931 asks for and nobody said yet: of whom, and what, as parts of a sentence. */
export const Lacks = z.strictObject({
  seller: z.array(z.string()).describe('Of the firm'),
  buyer: z.array(z.string()).describe('Of the client'),
  content: z.array(z.string()).describe('What of the invoice itself cannot be said in an e-invoice'),
});
export type Lacks = z.infer<typeof Lacks>;

/**
 * What is missing for an e-invoice. Country and tax are what the standard needs of addresses (BR-8 to BR-11, BR-CO-26, BR-S-2, BR-AE-2);
 * of amounts it takes two digits (BR-DEC), and tax that is what its rate comes to, to less than one of the currency (BR-CO-17).
 */
export function lacksOf(content: Pick<Content, 'lines' | 'rounding' | 'currency'>, parties: Parties): Lacks {
  const { seller, buyer } = parties;
  const isReversed = content.lines.some(({ vat }) => vat.kind === 'reverse-charge');
  const hasVatId = buyer.taxId !== null && isVatId(buyer.taxId);
  return {
    seller: [...countryOf(seller), ...(seller.taxId ? [] : ['a VAT id or tax number'])],
    buyer: [...countryOf(buyer), ...(isReversed && !hasVatId ? ['a VAT id, for reverse charge'] : [])],
    content: [
      ...(digitsOf(content.currency) > 2 ? [`amounts in ${content.currency}, with more than two digits`] : []),
      ...(isTaxNear(content) ? [] : ['tax that was rounded on each line']),
    ],
  };
}

function countryOf({ country }: Party): string[] {
  return country ? [] : ['a country'];
}

export function isComplete({ seller, buyer, content }: Lacks): boolean {
  return seller.length + buyer.length + content.length === 0;
}

/** Tax that was rounded line by line, or agreed on, differs a little from what the sum of its lines comes to. */
function isTaxNear({ currency, ...content }: Pick<Content, 'lines' | 'rounding' | 'currency'>): boolean {
  const one = 10n ** BigInt(digitsOf(currency));
  return sumsOf(content).shares.every(({ vat, net, tax }) => {
    const rate = vat.kind === 'rate' ? BigInt(vat.rate) : 0n;
    const off = tax * 10_000n - net * rate;
    return (off < 0n ? -off : off) < one * 10_000n;
  });
}
