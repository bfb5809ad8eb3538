import { digitsOf } from './currencies.ts';

/** An amount in the smallest unit of its currency: 1,200.50 EUR are 120050. Never in floating point. */
export interface Money {
  amount: bigint;
  currency: string;
}

/** The largest amount that is written anywhere, in either direction: as JSON every smaller one is an exact number. */
export const MOST_AMOUNT = 10n ** 13n;

/** Digits behind the point of a quantity: hours, kilograms and square metres are measured no finer. */
const QUANTITY_DIGITS = 3;
const MOST_QUANTITY = 1_000_000n * 10n ** BigInt(QUANTITY_DIGITS);

/** Per cent are counted in hundredths: 19 % is 1900. */
export const WHOLE = 10_000n;

/** Divides and rounds to the nearest; a half goes away from zero, so that what is taken back is what was charged. */
export function divide(dividend: bigint, divisor: bigint): bigint {
  if (divisor <= 0n) throw new RangeError('divides by a positive number only');
  const size = dividend < 0n ? -dividend : dividend;
  const quotient = (2n * size + divisor) / (2n * divisor);
  return dividend < 0n ? -quotient : quotient;
}

/** A share of an amount, in hundredths of a per cent. */
export function shareOf(amount: bigint, rate: number): bigint {
  return divide(amount * BigInt(rate), WHOLE);
}

/** What so many of something cost, rounded to the smallest unit. */
export function timesQuantity(unitPrice: bigint, quantity: string): bigint {
  return divide(unitPrice * unitsOf(quantity), 10n ** BigInt(QUANTITY_DIGITS));
}

export function isWritable(amount: bigint): boolean {
  return amount <= MOST_AMOUNT && amount >= -MOST_AMOUNT;
}

/** What was read, or what is wrong with it, as the end of a sentence. */
export type Read<T> = { value: T } | { fault: string };

/**
 * Reads an amount as people type it: 1200, 1200.50, 1200,5, 1 200.50, 1,200.50. What could mean two amounts is refused and never
 * guessed: 1,200 is one thing in London and another in Berlin.
 */
export function readAmount(text: string, currency: string): Read<bigint> {
  const digits = digitsOf(currency);
  const example = digits ? `write it like 1200.${'5'.padEnd(digits, '0')}` : 'write it like 1200';
  const number = readDecimal(text);
  if ('fault' in number) return { fault: `${number.fault}; ${example}` };
  const { sign, whole, part } = number.value;
  if (part.length > digits)
    return {
      fault: digits
        ? `${currency} has ${digits} digits behind the point`
        : `${currency} has no digits behind the point`,
    };
  const amount = BigInt(whole + part.padEnd(digits, '0')) * sign;
  return isWritable(amount) ? { value: amount } : { fault: 'is more than can be written here' };
}

/** Reads a quantity; the same quantity is always the same text, without needless zeros. */
export function readQuantity(text: string): Read<string> {
  const number = readDecimal(text);
  if ('fault' in number) return { fault: `${number.fault}; write it like 1 or 1.5` };
  const { sign, whole, part } = number.value;
  const fraction = part.replace(/0+$/, '');
  if (fraction.length > QUANTITY_DIGITS) return { fault: `has at most ${QUANTITY_DIGITS} digits behind the point` };
  const quantity = `${sign < 0n ? '-' : ''}${BigInt(whole)}${fraction ? `.${fraction}` : ''}`;
  const units = unitsOf(quantity);
  if (units > MOST_QUANTITY || units < -MOST_QUANTITY) return { fault: 'is at most 1,000,000' };
  return { value: units === 0n ? '0' : quantity };
}

/** A quantity in thousandths. @throws Error for a text that `readQuantity` did not write */
function unitsOf(quantity: string): bigint {
  const [, minus = '', whole = '', part = ''] = /^(-?)(\d+)(?:\.(\d{1,3}))?$/.exec(quantity) ?? [];
  if (!whole) throw new Error(`${quantity} is no quantity`);
  return BigInt(`${minus}${whole}${part.padEnd(QUANTITY_DIGITS, '0')}`);
}

/** Hundredths of a per cent: "19", "7.5 %" or "7,5". */
export function readRate(text: string): Read<number> {
  const number = readDecimal(text.replace(/\s*%\s*$/, ''));
  if ('fault' in number) return { fault: `${number.fault}; write it like 19 or 7.5` };
  const { sign, whole, part } = number.value;
  if (part.length > 2) return { fault: 'has at most 2 digits behind the point' };
  const rate = BigInt(whole + part.padEnd(2, '0')) * sign;
  return rate < 0n || rate > WHOLE ? { fault: 'is between 0 and 100 %' } : { value: Number(rate) };
}

/** "19 %", "7.5 %" */
export function rateText(rate: number): string {
  return `${decimalText(BigInt(rate), 2).replace(/\.?0+$/, '')} %`;
}

/** "€1,200.50", "¥1,200". In English on every machine, as dates are: posted cards are compared. */
export function moneyText({ amount, currency }: Money): string {
  const digits = digitsOf(currency);
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  // As a text: a number would lose the last digits of a great amount.
  return format.format(decimalText(amount, digits) as Intl.StringNumericLiteral);
}

/** As it is typed into a form: "1200.50". */
export function amountText({ amount, currency }: Money): string {
  return decimalText(amount, digitsOf(currency));
}

function decimalText(units: bigint, digits: number): string {
  const size = String(units < 0n ? -units : units).padStart(digits + 1, '0');
  const whole = size.slice(0, size.length - digits);
  return `${units < 0n ? '-' : ''}${whole}${digits ? `.${size.slice(-digits)}` : ''}`;
}

interface Decimal {
  sign: bigint;
  whole: string;
  part: string;
}

const GROUPS = /[\s'\u2019\u00a0\u202f]/g;

function readDecimal(text: string): Read<Decimal> {
  const plain = text
    .trim()
    .replace(/^[-\u2212]\s*/, '-')
    .replaceAll(GROUPS, '');
  if (plain.length > 40) return { fault: 'is too long for a number' };
  if (!/^-?\d[\d.,]*$/.test(plain)) return { fault: 'is not a number' };
  const points = plain.match(/[.,]/g) ?? [];
  const last = points.at(-1);
  const grouped = new RegExp(`^-?\\d{1,3}(\\${last === '.' ? ',' : '.'}\\d{3})+\\${last ?? '.'}\\d+$`);
  if (points.length > 1 && !grouped.test(plain)) return { fault: 'can be read in more than one way' };
  // A point is a point everywhere here; a comma before three digits may be one, or may group thousands.
  if (points.length === 1 && /^-?[1-9]\d{0,2},\d{3}$/.test(plain)) return { fault: 'can be read in more than one way' };
  const at = last ? plain.lastIndexOf(last) : plain.length;
  const whole = plain.slice(0, at).replaceAll(/[^\d]/g, '');
  const part = plain.slice(at + 1);
  return { value: { sign: plain.startsWith('-') ? -1n : 1n, whole, part } };
}
