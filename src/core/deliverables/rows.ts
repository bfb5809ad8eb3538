import type { Decision, Deliverable, Share, State, Status } from './schema.ts';

/** A deliverable as it is read: its own columns, what stands beside it, and what was shared of it. */
export interface DeliverableRow
  extends Pick<
    Deliverable,
    | 'id'
    | 'version'
    | 'clientId'
    | 'clientName'
    | 'firmName'
    | 'projectId'
    | 'projectName'
    | 'cycleId'
    | 'cycleName'
    | 'closed'
    | 'timezone'
    | 'inScope'
    | 'name'
    | 'description'
    | 'remindedAt'
    | 'createdAt'
  > {
  number: number;
  status: Status;
  withdrawnBy: string | null;
  withdrawnAt: Date | null;
  shares: StoredShare[];
}

/** Instants are text inside jsonb. */
type StoredShare = Omit<Share, 'at' | 'decision'> & {
  at: string;
  decision: (Omit<Decision, 'at'> & { at: string }) | null;
};

export function deliverableOf({
  number,
  status,
  withdrawnBy,
  withdrawnAt,
  shares,
  ...row
}: DeliverableRow): Deliverable {
  return {
    ...row,
    number,
    state: stateOf(row.id, status, withdrawnBy, withdrawnAt),
    shares: shares.map(({ at, decision, ...one }) => ({
      ...one,
      at: new Date(at),
      decision: decision && { ...decision, at: new Date(decision.at) },
    })),
  };
}

function stateOf(id: string, status: Status, byName: string | null, at: Date | null): State {
  if (status !== 'withdrawn') return { status };
  if (byName === null || at === null)
    throw new Error(`deliverable ${id} is withdrawn and its row does not say by whom`);
  return { status, byName, at };
}
