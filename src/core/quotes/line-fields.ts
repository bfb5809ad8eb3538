import { DomainError } from '../kernel/errors.ts';
import { choice, chosen, line, optional, otherwise } from '../kernel/field.ts';
import type { Read } from '../kernel/money.ts';
import { amountText, isWritable, readAmount, readQuantity, timesQuantity } from '../kernel/money.ts';
import { readVat, vatText } from '../kernel/vat.ts';
import type { Line } from './content.ts';
import { BILLED } from './content.ts';

/** What every line is made of; the form of a new quote asks for its first one. */
export const firstLine = {
  text: line({ label: 'What do you offer?', placeholder: 'Checkout redesign' }),
  quantity: otherwise('1', line({ label: 'Quantity', most: 20, hint: 'Like 1 or 1.5' })),
  price: line({
    label: 'Unit price',
    most: 40,
    placeholder: '1200.50',
    hint: 'Without tax. A discount is below zero.',
  }),
  vat: line({
    label: 'Tax',
    most: 140,
    placeholder: '19',
    hint: 'Per cent; or “reverse charge”; or “exempt: ” and the reason.',
  }),
};

export const lineFields = {
  ...firstLine,
  billed: otherwise(
    'acceptance',
    choice(BILLED, {
      label: 'When is it billed?',
      labels: {
        acceptance: 'On acceptance',
        completion: 'On completion',
        monthly: 'Every month',
        quarterly: 'Every quarter',
        yearly: 'Every year',
      },
    }),
  ),
  optional: otherwise(
    'no',
    choice(['no', 'yes'], {
      label: 'Is it an option?',
      labels: { no: 'No, it belongs to it', yes: 'Yes, the client chooses' },
    }),
  ),
  cycle: optional(
    chosen({ label: 'Cycle', hint: 'Becomes official when the line is accepted.', none: 'There is no cycle to name.' }),
  ),
};

/** What was typed for a line. */
export interface TypedLine {
  text: string;
  quantity: string;
  price: string;
  vat: string;
  billed?: Line['billed'] | undefined;
  optional?: 'no' | 'yes' | undefined;
}

/** @throws DomainError invalid, beside each field that cannot be understood */
export function lineOf(typed: TypedLine, number: number, currency: string, cycle: Line['cycle']): Line {
  const quantity = readQuantity(typed.quantity);
  const price = readAmount(typed.price, currency);
  const vat = readVat(typed.vat);
  const isOption = typed.optional === 'yes';
  const faults = {
    ...faultOf('quantity', quantity),
    ...faultOf('price', price),
    ...faultOf('vat', vat),
    ...('value' in quantity && /^(-|0$)/.test(quantity.value) ? { quantity: 'is more than 0' } : {}),
    ...(isOption && 'value' in price && price.value < 0n ? { price: 'of an option is not below 0' } : {}),
  };
  if ('value' in quantity && 'value' in price && !isWritable(timesQuantity(price.value, quantity.value)))
    Object.assign(faults, { price: 'comes, with this quantity, to more than can be written here' });
  requireNone(faults);
  return {
    ...{ number, text: typed.text, quantity: valueIn(quantity), unitPrice: Number(valueIn(price)), vat: valueIn(vat) },
    ...{ billed: typed.billed ?? 'acceptance', optional: isOption, cycle },
  };
}

/** A line as it stands in its form. */
export function typedOf({ text, quantity, unitPrice, vat, billed, optional: isOption, cycle }: Line, currency: string) {
  const price = amountText({ amount: BigInt(unitPrice), currency });
  return {
    text,
    quantity,
    price,
    vat: vatText(vat),
    billed,
    optional: isOption ? 'yes' : 'no',
    cycle: cycle?.id ?? null,
  };
}

/** @throws DomainError invalid where there is one */
export function requireNone(faults: Readonly<Record<string, string>>): void {
  const all = Object.entries(faults);
  if (!all.length) return;
  const words = all.map(([field, fault]) => `${field}: ${fault}`).join('; ');
  throw new DomainError('invalid', `Please check: ${words}`, { fields: faults });
}

function faultOf(field: string, read: Read<unknown>): Record<string, string> {
  return 'fault' in read ? { [field]: read.fault } : {};
}

function valueIn<T>(read: Read<T>): T {
  if ('fault' in read) throw new Error(read.fault);
  return read.value;
}
