import type { Assurance } from '../kernel/actor.ts';
import { digitsOf } from '../kernel/currencies.ts';
import { AS_CHOSEN, readTaken } from './offer.ts';
import { priceOf } from './price.ts';
import { isSent } from './rules.ts';
import type { Quote } from './schema.ts';

/**
 * How sure it must be who accepts: above the firm's amount, a mail or its link is not enough. What is billed once counts with tax,
 * and so does each of what is billed again and again. Pure.
 * @param take the options that are ticked; without them, those that were chosen already
 */
export function sureFor(quote: Quote, take?: readonly string[]): Assurance {
  if (!isSent(quote)) return 'link';
  const { content, sureAbove, signed } = quote;
  const isChosen = !take || (take.length === 1 && take[0] === AS_CHOSEN);
  const taken = isChosen ? (signed[0]?.taken ?? []) : readTaken(content, take);
  const most = Math.max(0, ...priceOf(content, taken).sums.map(({ gross }) => gross));
  return BigInt(most) > unitsOf(sureAbove, content.currency) ? 'chat' : 'link';
}

/** An amount in whole units, with at most two digits behind the point, in the smallest unit of a currency. */
function unitsOf(amount: string, currency: string): bigint {
  const digits = digitsOf(currency);
  const [whole = '0', part = ''] = amount.split('.');
  return BigInt(whole + part.padEnd(digits, '0').slice(0, digits));
}
