import type { Assurance } from '../kernel/actor.ts';
import type { Line, Period, State, Status } from './period-schema.ts';

/** A month as it is read: its own columns, what stands beside it, and what was logged in it. */
export interface PeriodRow
  extends Pick<
    Period,
    | 'id'
    | 'version'
    | 'clientId'
    | 'clientName'
    | 'firmName'
    | 'projectId'
    | 'projectName'
    | 'timezone'
    | 'month'
    | 'budget'
    | 'approved'
    | 'isAsked'
    | 'unbilled'
    | 'remindedAt'
  > {
  status: Status;
  entries: Line[];
  warned80: number | null;
  warned100: number | null;
  sentByName: string | null;
  sentAt: Date | null;
  signedHash: string | null;
  answeredBy: string | null;
  answeredByName: string | null;
  answeredChannel: string | null;
  answeredAssurance: Assurance | null;
  answeredAt: Date | null;
  reason: string | null;
  invoiceId: string | null;
  invoiced: number | null;
  invoicedAt: Date | null;
}

export function periodOf(row: PeriodRow): Omit<Period, 'hash'> {
  const { id, version, clientId, clientName, firmName, projectId, projectName, timezone, month } = row;
  const { budget, approved, isAsked, unbilled, remindedAt, entries, warned80, warned100, invoiceId } = row;
  return {
    ...{ id, version, clientId, clientName, firmName, projectId, projectName, timezone, month },
    ...{ budget, approved, isAsked, unbilled, remindedAt, entries, warned: { at80: warned80, at100: warned100 } },
    invoiced:
      invoiceId === null
        ? null
        : { invoice: invoiceId, minutes: there(row.invoiced, row), at: there(row.invoicedAt, row) },
    state: stateOf(row),
  };
}

function stateOf(row: PeriodRow): State {
  const { status } = row;
  const sent = () => ({ byName: there(row.sentByName, row), at: there(row.sentAt, row) });
  const answered = () => ({
    ...{ personId: there(row.answeredBy, row), byName: there(row.answeredByName, row) },
    ...{ channel: there(row.answeredChannel, row), assurance: there(row.answeredAssurance, row) },
    at: there(row.answeredAt, row),
  });
  switch (status) {
    case 'open':
      return { status };
    case 'sent':
      return { status, sent: sent() };
    case 'disputed':
      return { status, sent: sent(), dispute: { ...answered(), reason: there(row.reason, row) } };
    case 'signed':
      return { status, sent: sent(), signature: { ...answered(), hash: there(row.signedHash, row) } };
  }
}

function there<T>(value: T | null, { id, status }: PeriodRow): T {
  if (value === null) throw new Error(`the month ${id} is ${status} and its row says otherwise`);
  return value;
}

/** A month as it lies in its row, but for what is a column of the same name. */
export function columnsOf({ state, invoiced }: Pick<Period, 'state' | 'invoiced'>) {
  const sent = 'sent' in state ? state.sent : null;
  const signature = state.status === 'signed' ? state.signature : null;
  const dispute = state.status === 'disputed' ? state.dispute : null;
  const answer = signature ?? dispute;
  return {
    ...{ status: state.status, sentByName: sent?.byName ?? null, sentAt: sent?.at ?? null },
    ...{ signedHash: signature?.hash ?? null, reason: dispute?.reason ?? null },
    ...{ answeredBy: answer?.personId ?? null, answeredByName: answer?.byName ?? null, answeredAt: answer?.at ?? null },
    ...{ answeredChannel: answer?.channel ?? null, answeredAssurance: answer?.assurance ?? null },
    ...{ invoiceId: invoiced?.invoice ?? null, invoiced: invoiced?.minutes ?? null, invoicedAt: invoiced?.at ?? null },
  };
}
