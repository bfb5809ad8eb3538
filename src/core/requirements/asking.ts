import { DomainError } from '../kernel/errors.ts';
import { day, line, text } from '../kernel/field.ts';
import type { Kind } from './schema.ts';

/** What both the form that asks and the one that changes it hold. */
export const title = line({ least: 3, label: 'What do you need?', placeholder: 'The logo as a vector file' });
export const details = text({ label: 'What more is to be known' });
export const due = day({ label: 'Needed by' });
export const options = text({
  label: 'Options, for a decision',
  hint: 'One on each line, at least two.',
  placeholder: 'Blue\nGreen',
});

/** The tightest platform holds 25 choices in one field (Discord). */
const MOST = 25;
/** What a platform shows of a choice without cutting it (Slack: 75 characters). */
const LENGTH = 75;

/** The options that were written, one a line; none for what is no decision. @throws DomainError invalid, beside the field */
export function readOptions(kind: Kind, written: string | null | undefined): string[] {
  const lines = (written ?? '').split('\n').map((one) => one.trim());
  const found = lines.filter(Boolean);
  if (kind !== 'decision') {
    if (found.length) throw wrong('are for a decision; leave them empty for anything else');
    return [];
  }
  if (found.length < 2) throw wrong('needs at least two, one on each line');
  if (found.length > MOST) throw wrong(`may have at most ${MOST} options`);
  if (new Set(found).size < found.length) throw wrong('holds the same option twice');
  const long = found.find((one) => [...one].length > LENGTH);
  if (long) throw wrong(`may have at most ${LENGTH} characters on a line; say more in the details`);
  return found;
}

/** @throws DomainError invalid beside the field: what is new is needed today or later, where the client is */
export function requireComing(day: string | null | undefined, today: string): void {
  if (!day || day >= today) return;
  const say = `is over already: today is ${today}`;
  throw new DomainError('invalid', `Please check: due: ${say}`, { fields: { due: say } });
}

function wrong(say: string): DomainError {
  return new DomainError('invalid', `Please check: options: ${say}`, { fields: { options: say } });
}
