import { DomainError } from '../kernel/errors.ts';
import type { Kind, Requirement, Status } from './schema.ts';

/** "R12" */
export function called({ number }: Pick<Requirement, 'number'>): string {
  return `R${number}`;
}

/** A status as a badge. */
export const LABELS: Readonly<Record<Status, string>> = {
  asked: 'Needed',
  provided: 'Provided',
  accepted: 'Accepted',
  returned: 'Returned',
  withdrawn: 'Withdrawn',
};

/** A status inside a sentence: "R12 is …". */
export const SAYS: Readonly<Record<Status, string>> = {
  asked: 'needed',
  provided: 'provided',
  accepted: 'accepted',
  returned: 'returned',
  withdrawn: 'withdrawn',
};

export const KIND_LABELS: Readonly<Record<Kind, string>> = {
  words: 'Words',
  decision: 'A decision',
  secret: 'Something secret',
  files: 'Files',
};

/** How it stands, as a sentence. */
export function standingText({ state, firmName, ...it }: Requirement): string {
  switch (state.status) {
    case 'asked':
      return `${called(it)} is needed.`;
    case 'provided':
      return `${state.given.byName} provided ${called(it)} already.`;
    case 'accepted':
      return `${firmName} accepted ${called(it)}.`;
    case 'returned':
      return `${firmName} returned ${called(it)}: ${state.reason}`;
    case 'withdrawn':
      return `${firmName} does not need ${called(it)} any more.`;
  }
}

export function refusal(it: Requirement, why: string): DomainError {
  const show = { target: 'requirement.show', input: { requirement: it.id } };
  return new DomainError('conflict', `${called(it)} is ${SAYS[it.state.status]}: it ${why}.`, { show });
}
