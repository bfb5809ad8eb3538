import type { Content } from './content.ts';
import type { Acceptance, Quote, State, Status } from './schema.ts';

/** A quote as it is read: its own columns, what stands beside it, and who accepted it. */
export interface QuoteRow
  extends Pick<
    Quote,
    'id' | 'number' | 'version' | 'clientId' | 'clientName' | 'firmName' | 'projectId' | 'projectName' | 'timezone'
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
  acceptance: (Omit<Acceptance, 'at'> & { at: string }) | null;
}

export function quoteOf(row: QuoteRow): Quote {
  const { id, number, version, clientId, clientName, firmName, projectId, projectName, timezone } = row;
  const { content, hash, replaces, createdAt } = row;
  return {
    ...{ id, number, version, clientId, clientName, firmName, projectId, projectName, timezone },
    ...{ content, hash, replaces, createdAt, state: stateOf(row) },
  };
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
      const acceptance = there(row.acceptance, row);
      return { status, sent: sent(), acceptance: { ...acceptance, at: new Date(acceptance.at) } };
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
