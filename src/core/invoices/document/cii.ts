import type { Party } from '../party.ts';
import { isVatId } from '../party.ts';
import type { Bill, BillLine, BillTax } from './bill.ts';
import type { Elements } from './xml.ts';
import { exemptionCode, given, notesOf, RULES, TRANSFER, TYPE_CODES, UNIT, xmlOf } from './xml.ts';

const UNCEFACT = 'urn:un:unece:uncefact:data:standard';

/** EN 16931 as Cross Industry Invoice of UN/CEFACT: what a Factur-X file holds. */
export function ciiOf(bill: Bill): Buffer {
  return xmlOf({
    'rsm:CrossIndustryInvoice': {
      '@xmlns:rsm': `${UNCEFACT}:CrossIndustryInvoice:100`,
      '@xmlns:ram': `${UNCEFACT}:ReusableAggregateBusinessInformationEntity:100`,
      '@xmlns:qdt': `${UNCEFACT}:QualifiedDataType:100`,
      '@xmlns:udt': `${UNCEFACT}:UnqualifiedDataType:100`,
      'rsm:ExchangedDocumentContext': { 'ram:GuidelineSpecifiedDocumentContextParameter': { 'ram:ID': RULES } },
      'rsm:ExchangedDocument': {
        'ram:ID': bill.number,
        'ram:TypeCode': TYPE_CODES[bill.kind],
        'ram:IssueDateTime': dateOf(bill.issued.on),
        'ram:IncludedNote': { 'ram:Content': notesOf(bill) },
      },
      'rsm:SupplyChainTradeTransaction': {
        'ram:IncludedSupplyChainTradeLineItem': bill.lines.map(lineOf),
        'ram:ApplicableHeaderTradeAgreement': agreementOf(bill),
        'ram:ApplicableHeaderTradeDelivery': {},
        'ram:ApplicableHeaderTradeSettlement': settlementOf(bill),
      },
    },
  });
}

function dateOf(day: string): Elements {
  return { 'udt:DateTimeString': { '@format': '102', '#': day.replaceAll('-', '') } };
}

function lineOf({ number, text, price, quantity, net, category, rate }: BillLine): Elements {
  return {
    'ram:AssociatedDocumentLineDocument': { 'ram:LineID': number },
    'ram:SpecifiedTradeProduct': { 'ram:Name': text },
    'ram:SpecifiedLineTradeAgreement': { 'ram:NetPriceProductTradePrice': { 'ram:ChargeAmount': price } },
    'ram:SpecifiedLineTradeDelivery': { 'ram:BilledQuantity': { '@unitCode': UNIT, '#': quantity } },
    'ram:SpecifiedLineTradeSettlement': {
      'ram:ApplicableTradeTax': {
        'ram:TypeCode': 'VAT',
        'ram:CategoryCode': category,
        'ram:RateApplicablePercent': rate,
      },
      'ram:SpecifiedTradeSettlementLineMonetarySummation': { 'ram:LineTotalAmount': net },
    },
  };
}

function agreementOf({ seller, buyer, quote }: Bill): Elements {
  return {
    ...given('ram:BuyerReference', buyer.reference),
    'ram:SellerTradeParty': partyOf(seller),
    'ram:BuyerTradeParty': partyOf({ ...buyer, taxId: buyer.taxId && isVatId(buyer.taxId) ? buyer.taxId : null }),
    ...given('ram:ContractReferencedDocument', quote, (called) => ({ 'ram:IssuerAssignedID': called })),
  };
}

function partyOf({ name, street, addition, postCode, city, country, email, taxId }: Party): Elements {
  const isVat = taxId !== null && isVatId(taxId);
  return {
    // Whoever has no VAT id is known by the tax number.
    ...given('ram:ID', isVat ? null : taxId),
    'ram:Name': name,
    'ram:PostalTradeAddress': {
      ...given('ram:PostcodeCode', postCode),
      ...given('ram:LineOne', street),
      ...given('ram:LineTwo', addition),
      ...given('ram:CityName', city),
      ...given('ram:CountryID', country),
    },
    ...given('ram:URIUniversalCommunication', email, (address) => ({
      'ram:URIID': { '@schemeID': 'EM', '#': address },
    })),
    ...given('ram:SpecifiedTaxRegistration', taxId, (id) => ({
      'ram:ID': { '@schemeID': isVat ? 'VA' : 'FC', '#': id },
    })),
  };
}

function settlementOf(bill: Bill): Elements {
  const { number, currency, kind, seller, taxes, net, tax, gross, corrects } = bill;
  return {
    'ram:PaymentReference': number,
    'ram:InvoiceCurrencyCode': currency,
    ...given('ram:SpecifiedTradeSettlementPaymentMeans', kind === 'credit' ? null : seller.iban, (iban) => ({
      'ram:TypeCode': TRANSFER,
      'ram:PayeePartyCreditorFinancialAccount': { 'ram:IBANID': iban },
    })),
    'ram:ApplicableTradeTax': taxes.map(taxOf),
    ...given('ram:SpecifiedTradePaymentTerms', bill.dueOn, (day) => ({ 'ram:DueDateDateTime': dateOf(day) })),
    'ram:SpecifiedTradeSettlementHeaderMonetarySummation': {
      'ram:LineTotalAmount': net,
      'ram:TaxBasisTotalAmount': net,
      'ram:TaxTotalAmount': { '@currencyID': currency, '#': tax },
      'ram:GrandTotalAmount': gross,
      'ram:DuePayableAmount': gross,
    },
    ...given('ram:InvoiceReferencedDocument', corrects, (called) => ({ 'ram:IssuerAssignedID': called })),
  };
}

function taxOf({ category, rate, net, tax, exemption }: BillTax): Elements {
  return {
    'ram:CalculatedAmount': tax,
    'ram:TypeCode': 'VAT',
    ...given('ram:ExemptionReason', exemption),
    'ram:BasisAmount': net,
    'ram:CategoryCode': category,
    ...given('ram:ExemptionReasonCode', exemptionCode(category)),
    'ram:RateApplicablePercent': rate,
  };
}
