import type { Press } from '../kernel/card.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Deliverable, Status } from './schema.ts';
import { lastShare } from './schema.ts';

/** A status as a badge. */
export const LABELS: Readonly<Record<Status, string>> = {
  planned: 'Planned',
  in_review: 'In review',
  changes_wanted: 'Changes asked for',
  approved: 'Approved',
  withdrawn: 'Withdrawn',
};

/** A status inside a sentence: "D12 is …". */
export const SAYS: Readonly<Record<Status, string>> = {
  planned: 'planned',
  in_review: 'in review',
  changes_wanted: 'sent back for changes',
  approved: 'approved',
  withdrawn: 'withdrawn',
};

/** "D12" */
export function called({ number }: Pick<Deliverable, 'number'>): string {
  return `D${number}`;
}

export function shown({ id }: Pick<Deliverable, 'id'>): Press {
  return { target: 'deliverable.show', input: { deliverable: id } };
}

export function refusal(it: Pick<Deliverable, 'id'>, say: string): DomainError {
  return new DomainError('conflict', say, { show: shown(it) });
}

/** A refusal because of how a cycle and its deliverables stand; answered together with these. */
export function refusedIn({ cycleId }: Pick<Deliverable, 'cycleId'>, say: string): DomainError {
  return new DomainError('conflict', say, { show: { target: 'deliverable.of-cycle', input: { cycle: cycleId } } });
}

/** How it stands, as a sentence. */
export function standingText(it: Deliverable): string {
  const share = lastShare(it);
  const by = share?.decision?.byName ?? it.clientName;
  switch (it.state.status) {
    case 'planned':
      return share ? `${called(it)} has to be shared anew.` : `${called(it)} was not shared yet.`;
    case 'in_review':
      return `Version ${share?.content.number} of ${called(it)} waits for ${it.clientName}.`;
    case 'changes_wanted':
      return `${by} asked for changes of ${called(it)} already.`;
    case 'approved':
      return `${by} approved ${called(it)} already.`;
    case 'withdrawn':
      return `${it.state.byName} took ${called(it)} out.`;
  }
}
