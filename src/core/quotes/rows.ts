import type { ApproversRow } from '../approvals/index.ts';
import { approversOf } from '../approvals/index.ts';
import type { Content } from './content.ts';
import { mayAnswer } from './rules.ts';
import type { Acceptance, Quote, State, Status } from './schema.ts';

/** A quote as it is read: its own columns, what stands beside it, and who accepted it. */
export interface QuoteRow
  extends Pick<
    Quote,
    | 'id'
    | 'number'
    | 'version'
    | 'clientId'
    | 'clientName'
    | 'firmName'
    | 'projectId'
    | 'projectName'
    | 'timezone'
    | 'sureAbove'
  > {
  status: Status;
  content: Content;
  hash: string;
  sentBy: string | null;
  sentByName: string | null;
  sentChannel: string | null;
  sentAssurance: Acceptance['assurance'] | null;
  sentAt: Date | null;
  expiresAt: Date | null;
  endedByName: string | null;
  endedAt: Date | null;
  reason: string | null;
  supersededBy: string | null;
  replaces: string | null;
  createdAt: Date;
  remindedAt: Date | null;
  acceptance: SignatureRow | null;
  signed: SignatureRow[];
  approvers: ApproversRow;
}

/** What a signature looks like inside jsonb: a moment is text there. */
type SignatureRow = Omit<Acceptance, 'at'> & { at: string };

export function quoteOf(row: QuoteRow): Quote {
  const { id, number, version, clientId, clientName, firmName, projectId, projectName, timezone } = row;
  const { content, hash, replaces, createdAt, remindedAt, sureAbove } = row;
  const approvers = approversIn(row.approvers, projectId);
  return {
    ...{ id, number, version, clientId, clientName, firmName, projectId, projectName, timezone },
    ...{ content, hash, replaces, createdAt, remindedAt, approvers, sureAbove },
    ...{ signed: signedIn(row), state: stateOf(row) },
  };
}

/** Who may accept for the client, by the rule that a press is asked by. */
export function approversIn(row: ApproversRow, projectId: string | null) {
  return approversOf(row, { projectId }, (actor) => mayAnswer(actor, { projectId }));
}

/** One that an earlier version stored has its acceptance alone. */
function signedIn({ signed, acceptance }: QuoteRow): Acceptance[] {
  const rows = signed.length || !acceptance ? signed : [acceptance];
  return rows.map(signatureIn);
}

function signatureIn(row: SignatureRow): Acceptance {
  return { ...row, at: new Date(row.at) };
}

function stateOf(row: QuoteRow): State {
  const { status } = row;
  const sent = () => ({
    personId: there(row.sentBy, row),
    byName: there(row.sentByName, row),
    channel: there(row.sentChannel, row),
    assurance: there(row.sentAssurance, row),
    at: there(row.sentAt, row),
    expiresAt: there(row.expiresAt, row),
  });
  const ended = () => ({ byName: there(row.endedByName, row), at: there(row.endedAt, row) });
  switch (status) {
    case 'draft':
      return { status };
    case 'sent':
      return { status, sent: sent() };
    case 'accepted': {
      return { status, sent: sent(), acceptance: signatureIn(there(row.acceptance, row)) };
    }
    case 'declined':
      return { status, sent: sent(), ended: ended(), reason: there(row.reason, row) };
    case 'superseded':
      return { status, sent: sent(), ended: ended(), by: there(row.supersededBy, row) };
    case 'expired':
    case 'withdrawn':
      return { status, sent: sent(), ended: ended() };
  }
}

function there<T>(value: T | null, { id, status }: QuoteRow): T {
  if (value === null) throw new Error(`quote ${id} is ${status} and its rows say otherwise`);
  return value;
}
