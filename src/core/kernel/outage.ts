import { Overdue } from './deadline.ts';

/**
 * Tells what keeps the database from working just now from what is somebody's fault.
 * Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */

/** What a person is told while the transaction was not committed, or null when the error is no outage. */
export function outageOf(error: unknown): string | null {
  if (isConnectionFault(error))
    return 'Parley cannot reach its database just now. Nothing was changed; please try again.';
  if (error instanceof Overdue) return 'Parley is very busy just now. Nothing was changed; please try again.';
  const code = codeOf(error);
  if (code === '55P03')
    return 'Somebody else is changing the same thing just now. Nothing was changed; please try again.';
  if (isWriteFault(code))
    return 'Parley cannot save anything just now. Nothing was changed; please try again in a few minutes.';
  return CODES.has(code) || CLASSES.has(code.slice(0, 2))
    ? 'Parley could not do this in time just now. Nothing was changed; please try again.'
    : null;
}

/** The disk is full, or the server takes reads alone: whoever asks next will meet it too. */
export function isWriteFault(code: string): boolean {
  return code === '53100' || code === '25006';
}

/** 57014: a statement ran longer than it may. */
const CODES = new Set(['57014']);
/** 28: the login is refused; 53: memory, disk, connections; 58: the system below the server. */
const CLASSES = new Set(['28', '53', '58']);

/** The connection is gone or going: class 08, shutdown, crash recovery, idle timeout, sockets. */
export function isConnectionFault(error: unknown): boolean {
  const code = codeOf(error);
  if (code.startsWith('08') || GONE.has(code)) return true;
  const message = error instanceof Error ? error.message : '';
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Connection ended|Query read timeout|Cannot use a pool after/i.test(
    message,
  );
}

const GONE = new Set([
  ...['57P01', '57P02', '57P03', '57P05', '25P03', '53300'],
  ...[
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ENOENT',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'EAI_AGAIN',
  ],
  // Prisma's own names for the same: https://www.prisma.io/docs/orm/reference/error-reference
  ...['P1001', 'P1002', 'P1008', 'P1017'],
]);

/** PostgreSQL's code, also where Prisma has wrapped the error; '' when there is none. */
export function codeOf(error: unknown): string {
  const { code, meta } = (error ?? {}) as { code?: unknown; meta?: { driverAdapterError?: { cause?: Wrapped } } };
  return String(meta?.driverAdapterError?.cause?.originalCode ?? code ?? '');
}

interface Wrapped {
  originalCode?: string;
}
