import { z } from 'zod';
import type { Press } from '../kernel/card.ts';
import { momentText } from '../kernel/dates.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Fields } from '../kernel/field.ts';
import { fingerprint } from '../kernel/fingerprint.ts';

/*
 * What a firm says once and changes rarely (how it bills, what an hour costs) is no thing with a card, so its form itself says what
 * it was filled from: who saves an old one is told what stands there now, and writes over nothing.
 */

/** Who wrote down last what stands there. */
export interface Noted {
  version: number;
  byName: string | null;
  at: Date;
}

/** The input in which a form brings back what it was filled from; without it, nothing stood there. */
export const seenField = { seen: z.string().max(32, 'is not what a form of ours brings').default('') };

/** The mark of what stands there: of one client's or project's it is no other's. */
export function markOf(whose: string, noted: Noted | null): string {
  return noted ? fingerprint({ whose, version: noted.version }).slice(0, 16) : '';
}

interface Saving {
  whose: string;
  noted: Noted | null;
  /** As the fields of the form hold them. */
  now: Readonly<Record<string, string | null>>;
  wanted: Readonly<Record<string, string | null>>;
  fields: Fields;
  show: Press;
}

/** @throws DomainError stale, with what stands there now, where the form was filled from something else */
export function requireSeen(seen: string, saving: Saving, timezone: string): void {
  const { whose, noted, now, wanted, fields, show } = saving;
  if (seen === markOf(whose, noted)) return;
  const who = noted ? [`${noted.byName ?? 'Somebody'} saved it, ${momentText(noted.at, timezone)}`] : [];
  const different = Object.keys(fields).filter((name) => (now[name] ?? null) !== (wanted[name] ?? null));
  const lines = different
    .filter((name) => name in now)
    .map((name) => `${fields[name]?.meta()?.label ?? name}: ${now[name] ? `“${now[name]}”` : 'empty'} now`);
  throw staleForm([...who, ...lines], show);
}

/** What the lock of a row would promise, asked of the write as well: somebody saved it at the same moment. */
export function staleForm(changes: readonly string[], show: Press): DomainError {
  return new DomainError('stale', 'This form was filled from what stands there no longer. Nothing was saved.', {
    changes: changes.length ? changes : ['Somebody saved it at the same moment'],
    show,
  });
}
