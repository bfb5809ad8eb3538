import type { Party } from '../party.ts';
import { isVatId } from '../party.ts';
import type { Bill, BillLine, BillTax } from './bill.ts';
import type { Elements } from './xml.ts';
import { exemptionCode, given, notesOf, RULES, TRANSFER, TYPE_CODES, UNIT, xmlOf } from './xml.ts';

const UBL = 'urn:oasis:names:specification:ubl:schema:xsd';

/** EN 16931 as UBL 2.1: an Invoice, or a CreditNote, whose elements are named after it. */
export function ublOf(bill: Bill): Buffer {
  const isCredit = bill.kind === 'credit';
  const name = isCredit ? 'CreditNote' : 'Invoice';
  return xmlOf({
    [name]: {
      '@xmlns': `${UBL}:${name}-2`,
      '@xmlns:cac': `${UBL}:CommonAggregateComponents-2`,
      '@xmlns:cbc': `${UBL}:CommonBasicComponents-2`,
      'cbc:CustomizationID': RULES,
      'cbc:ID': bill.number,
      'cbc:IssueDate': bill.issued.on,
      ...given('cbc:DueDate', isCredit ? null : bill.dueOn),
      [`cbc:${name}TypeCode`]: TYPE_CODES[bill.kind],
      'cbc:Note': notesOf(bill),
      'cbc:DocumentCurrencyCode': bill.currency,
      ...given('cbc:BuyerReference', bill.buyer.reference),
      ...given('cac:BillingReference', bill.corrects, (called) => ({
        'cac:InvoiceDocumentReference': { 'cbc:ID': called },
      })),
      ...given('cac:ContractDocumentReference', bill.quote, (called) => ({ 'cbc:ID': called })),
      ...partiesOf(bill),
      ...given('cac:PaymentMeans', isCredit ? null : bill.seller.iban, (iban) => meansOf(iban, bill)),
      'cac:TaxTotal': {
        'cbc:TaxAmount': amountOf(bill.tax, bill),
        'cac:TaxSubtotal': bill.taxes.map(subtotalIn(bill)),
      },
      'cac:LegalMonetaryTotal': {
        'cbc:LineExtensionAmount': amountOf(bill.net, bill),
        'cbc:TaxExclusiveAmount': amountOf(bill.net, bill),
        'cbc:TaxInclusiveAmount': amountOf(bill.gross, bill),
        'cbc:PayableAmount': amountOf(bill.gross, bill),
      },
      [`cac:${name}Line`]: bill.lines.map((line) => lineOf(line, bill, isCredit ? 'Credited' : 'Invoiced')),
    },
  });
}

function amountOf(amount: string, { currency }: Pick<Bill, 'currency'>): Elements {
  return { '@currencyID': currency, '#': amount };
}

function partiesOf({ seller, buyer }: Bill): Elements {
  const taxId = buyer.taxId && isVatId(buyer.taxId) ? buyer.taxId : null;
  return {
    'cac:AccountingSupplierParty': { 'cac:Party': partyOf(seller) },
    'cac:AccountingCustomerParty': { 'cac:Party': partyOf({ ...buyer, taxId }) },
  };
}

function partyOf({ name, street, addition, city, postCode, country, email, taxId }: Party): Elements {
  const isVat = taxId !== null && isVatId(taxId);
  return {
    ...given('cbc:EndpointID', email, (address) => ({ '@schemeID': 'EM', '#': address })),
    // Whoever has no VAT id is known by the tax number.
    ...given('cac:PartyIdentification', isVat ? null : taxId, (id) => ({ 'cbc:ID': id })),
    'cac:PostalAddress': {
      ...given('cbc:StreetName', street),
      ...given('cbc:AdditionalStreetName', addition),
      ...given('cbc:CityName', city),
      ...given('cbc:PostalZone', postCode),
      ...given('cac:Country', country, (code) => ({ 'cbc:IdentificationCode': code })),
    },
    ...given('cac:PartyTaxScheme', taxId, (id) => ({
      'cbc:CompanyID': id,
      'cac:TaxScheme': { 'cbc:ID': isVat ? 'VAT' : 'TAX' },
    })),
    'cac:PartyLegalEntity': { 'cbc:RegistrationName': name },
  };
}

function meansOf(iban: string, { number }: Bill): Elements {
  return {
    'cbc:PaymentMeansCode': TRANSFER,
    'cbc:PaymentID': number,
    'cac:PayeeFinancialAccount': { 'cbc:ID': iban },
  };
}

function subtotalIn(bill: Bill) {
  return ({ net, tax, category, rate, exemption }: BillTax): Elements => ({
    'cbc:TaxableAmount': amountOf(net, bill),
    'cbc:TaxAmount': amountOf(tax, bill),
    'cac:TaxCategory': {
      'cbc:ID': category,
      'cbc:Percent': rate,
      ...given('cbc:TaxExemptionReasonCode', exemptionCode(category)),
      ...given('cbc:TaxExemptionReason', exemption),
      'cac:TaxScheme': { 'cbc:ID': 'VAT' },
    },
  });
}

function lineOf(line: BillLine, bill: Bill, verb: 'Credited' | 'Invoiced'): Elements {
  return {
    'cbc:ID': line.number,
    [`cbc:${verb}Quantity`]: { '@unitCode': UNIT, '#': line.quantity },
    'cbc:LineExtensionAmount': amountOf(line.net, bill),
    'cac:Item': {
      'cbc:Name': line.text,
      'cac:ClassifiedTaxCategory': {
        'cbc:ID': line.category,
        'cbc:Percent': line.rate,
        'cac:TaxScheme': { 'cbc:ID': 'VAT' },
      },
    },
    'cac:Price': { 'cbc:PriceAmount': amountOf(line.price, bill) },
  };
}
