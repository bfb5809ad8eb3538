import { choice, chosen, line, optional, otherwise } from '../kernel/field.ts';
import type { TypedPrice } from '../kernel/priced-line.ts';
import { pricedFields, pricedLine, typedPrice } from '../kernel/priced-line.ts';
import type { Line } from './content.ts';
import { BILLED } from './content.ts';

/** What every line is made of; the form of a new quote asks for its first one. */
export const firstLine = {
  ...pricedFields,
  text: line({ label: 'What do you offer?', placeholder: 'Checkout redesign' }),
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
export interface TypedLine extends TypedPrice {
  billed?: Line['billed'] | undefined;
  optional?: 'no' | 'yes' | undefined;
}

/** @throws DomainError invalid, beside each field that cannot be understood */
export function lineOf(typed: TypedLine, number: number, currency: string, cycle: Line['cycle']): Line {
  const isOption = typed.optional === 'yes';
  const priced = pricedLine(typed, number, currency, (price) =>
    isOption && price < 0n ? { price: 'of an option is not below 0' } : {},
  );
  return { ...priced, billed: typed.billed ?? 'acceptance', optional: isOption, cycle };
}

/** A line as it stands in its form. */
export function typedOf({ billed, optional: isOption, cycle, ...line }: Line, currency: string) {
  return { ...typedPrice(line, currency), billed, optional: isOption ? 'yes' : 'no', cycle: cycle?.id ?? null };
}
