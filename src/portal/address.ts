import type { Request } from 'express';
import type { Press } from '../core/kernel/card.ts';
import { decodePress, encodePress } from '../core/kernel/card.ts';

/** What whoever is signed in is shown first. */
export const HOME: Press = { target: 'home.work', input: {} };

/** The press of an address that names none: nothing is there. */
export const NOTHING: Press = { target: '', input: {} };

/** What the address of a page is about: the press is written in it as it is in a button, ids in full as well. */
export function pressOf(request: Request): Press | null {
  const query = request.originalUrl.indexOf('?');
  const inputs = query < 0 ? '' : request.originalUrl.slice(query);
  const plain = new URLSearchParams(inputs);
  const target = String(request.params.press);
  return decodePress(`${target}${inputs}`) ?? decodePress(shortened(target, plain));
}

/** Ids take 36 characters in an address that a person was given, and 23 in a press. */
function shortened(target: string, inputs: URLSearchParams): string {
  try {
    return encodePress({ target, input: Object.fromEntries(inputs) });
  } catch {
    return '';
  }
}
