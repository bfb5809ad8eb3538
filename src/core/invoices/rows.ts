import type { Content } from './content.ts';
import type { Entry, Invoice, Issued, State, Status } from './schema.ts';

/** An invoice as it is read: its own columns, and what stands beside it. */
export interface InvoiceRow extends Omit<Invoice, 'state' | 'corrects' | 'content' | 'entries'> {
  status: Status;
  content: Content;
  corrects: string | null;
  corrected: string | null;
  number: string | null;
  serial: number | null;
  issuedOn: string | null;
  issuedAt: Date | null;
  issuedByName: string | null;
  endedByName: string | null;
  endedAt: Date | null;
  reason: string | null;
}

export function invoiceOf(row: InvoiceRow, entries: Entry[]): Invoice {
  const {
    status,
    corrects,
    corrected,
    number,
    serial,
    issuedOn,
    issuedAt,
    issuedByName,
    endedByName,
    endedAt,
    reason,
    ...own
  } = row;
  return {
    ...own,
    corrects: corrects === null ? null : { id: corrects, number: there(corrected, row) },
    entries,
    state: stateOf(row),
  };
}

function stateOf(row: InvoiceRow): State {
  const { status } = row;
  switch (status) {
    case 'draft':
      return { status };
    case 'void':
      return {
        ...{ status, issued: row.number === null ? null : issuedOf(row) },
        ended: { byName: there(row.endedByName, row), at: there(row.endedAt, row), reason: there(row.reason, row) },
      };
    default:
      return { status, issued: issuedOf(row) };
  }
}

function issuedOf(row: InvoiceRow): Issued {
  return {
    ...{ number: there(row.number, row), serial: there(row.serial, row), on: there(row.issuedOn, row) },
    ...{ at: there(row.issuedAt, row), byName: there(row.issuedByName, row) },
  };
}

function there<T>(value: T | null, { id, status }: InvoiceRow): T {
  if (value === null) throw new Error(`invoice ${id} is ${status} and its row says otherwise`);
  return value;
}
