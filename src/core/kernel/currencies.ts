/*
 * Which currencies there are, and into how many digits each is divided (ISO 4217). Written down here because Intl follows what
 * people write in shops, not the standard that banks, invoices and payment providers count in: for it a dinar of Iraq has no digits.
 */
const TWO = `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK
  DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK
  LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON
  RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD
  XCG YER ZAR ZMW ZWG`;
const NONE = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF';
const THREE = 'BHD IQD JOD KWD LYD OMR TND';

const DIGITS = new Map(
  [TWO, NONE, THREE].flatMap((codes, index) =>
    codes.split(/\s+/).map((code) => [code, [2, 0, 3][index] ?? 2] as const),
  ),
);

export function isCurrency(code: string): boolean {
  return DIGITS.has(code);
}

/** Digits behind the point of an amount: 2 for EUR, 0 for JPY, 3 for KWD. @throws Error for what is no currency */
export function digitsOf(currency: string): number {
  const digits = DIGITS.get(currency);
  if (digits === undefined) throw new Error(`${currency} is no currency`);
  return digits;
}
