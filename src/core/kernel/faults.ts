import { DomainError } from './errors.ts';
import type { Read } from './money.ts';

/** What is wrong with fields that were typed: by the name of each, the end of a sentence. */
export type Faults = Readonly<Record<string, string>>;

/** @throws DomainError invalid, beside each field, where there is one */
export function requireNone(faults: Faults): void {
  if (Object.keys(faults).length) throw wrong(faults);
}

/** What was typed cannot be: said beside each field. */
export function wrong(faults: Faults): DomainError {
  const words = Object.entries(faults).map(([field, fault]) => `${field}: ${fault}`);
  return new DomainError('invalid', `Please check: ${words.join('; ')}`, { fields: faults });
}

export function faultOf(field: string, read: Read<unknown>): Faults {
  return 'fault' in read ? { [field]: read.fault } : {};
}

/** @throws Error where it could not be read: that is asked before */
export function valueIn<T>(read: Read<T>): T {
  if ('fault' in read) throw new Error(read.fault);
  return read.value;
}
