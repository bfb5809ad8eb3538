import { digitsOf, isCurrency } from '../../core/kernel/currencies.ts';

/*
 * Stripe counts money in a smallest unit of its own, which is not for every currency that of ISO 4217:
 * https://docs.stripe.com/currencies#minor-units and #special-cases, read in November 2026.
 */

/** Without digits behind the point. The ariary has two in ISO 4217, which nobody uses. */
const ZERO = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const THREE = new Set('BHD JOD KWD OMR TND'.split(' '));

/** With two where nothing else is known: so are the crown of Iceland and the shilling of Uganda, which lost theirs in ISO 4217. */
function digitsAtStripe(currency: string): number {
  if (ZERO.has(currency)) return 0;
  return THREE.has(currency) ? 3 : 2;
}

/** The amount as Stripe counts it; null where Stripe cannot take exactly that much. */
export function toStripe({ amount, currency }: { amount: number; currency: string }): number | null {
  const scaled = scale(amount, digitsAtStripe(currency) - digitsOf(currency));
  if (scaled === null) return null;
  // A thousandth is too little for the networks: the last digit is 0.
  return THREE.has(currency) && scaled % 10 !== 0 ? null : scaled;
}

/** The amount as ISO 4217 counts it, and the code in capitals; null for what cannot be written here. */
export function fromStripe(amount: number, currency: string): { amount: number; currency: string } | null {
  const code = currency.toUpperCase();
  if (!isCurrency(code) || !Number.isSafeInteger(amount)) return null;
  const scaled = scale(amount, digitsOf(code) - digitsAtStripe(code));
  return scaled === null ? null : { amount: scaled, currency: code };
}

/** Times a power of ten, without leaving whole numbers. */
function scale(amount: number, digits: number): number | null {
  const factor = 10 ** Math.abs(digits);
  if (digits >= 0) return Number.isSafeInteger(amount * factor) ? amount * factor : null;
  return amount % factor === 0 ? amount / factor : null;
}

/** What is said to somebody who asked for an amount that Stripe does not take. */
export function whyNotTaken(currency: string): string {
  if (THREE.has(currency)) return `${currency} are paid online to the hundredth: the last digit of the amount is 0`;
  return digitsAtStripe(currency) === 0
    ? `${currency} are paid online in whole ones`
    : `${currency} cannot be paid online`;
}
