import type { Database } from './db.ts';
import { codeOf } from './outage.ts';

/** Whether a process can do its work. */
export interface Readiness {
  ready: boolean;
  /** Why not, in a sentence; 'ready' when it can. */
  status: string;
  /** What is wrong without keeping it from its work. */
  warnings: string[];
}

/** Milliseconds. Load balancers and people wait a second for the answer, which takes its way through a busy process too. */
const PATIENCE = 750;
/** Milliseconds for which one answer serves all who ask: each costs a write to the disk. */
const FRESH = 250;
/** Milliseconds for which a write that was refused counts: by then somebody has met the fault again, or it is over. */
const REMEMBERED = 1_000;
/** Signed requests are refused when they are older, and deadlines are reckoned by the database's clock. */
const CLOCK_SECONDS = 300;

// The message is for nobody: written and flushed like any commit, it shows that the server takes writes. A standby refuses it.
const PROBE = `
  select pg_is_in_recovery() as standby, current_setting('transaction_read_only') as read_only,
    extract(epoch from clock_timestamp()) * 1000 as now, pg_logical_emit_message(true, 'parley', 'ready')`;

/** Asks whether the database can be written, on a connection that nothing else uses; whoever asks meanwhile shares the answer. */
export function readinessOf(database: Database): () => Promise<Readiness> {
  let latest: { at: number; answer: Promise<Readiness> } | null = null;
  return () => {
    const now = performance.now();
    if (!latest || now - latest.at > FRESH) latest = { at: now, answer: look(database) };
    return latest.answer;
  };
}

async function look(database: Database): Promise<Readiness> {
  try {
    const { rows } = await inTime(database.health.query<Probe>(PROBE));
    const [row] = rows;
    const refused = database.writeFaultAt !== null && performance.now() - database.writeFaultAt < REMEMBERED;
    const fault =
      row?.standby || row?.read_only === 'on'
        ? 'the database takes no writes: it is a standby or read-only'
        : refused
          ? 'the database refused a write: its disk is full or it is read-only'
          : null;
    return { ready: fault === null, status: fault ?? 'ready', warnings: clockWarnings(Number(row?.now), Date.now()) };
  } catch (error) {
    const readOnly = codeOf(error) === '25006';
    const status = readOnly
      ? 'the database takes no writes: it is a standby or read-only'
      : 'the database cannot be reached';
    return { ready: false, status, warnings: [] };
  }
}

interface Probe {
  standby: boolean;
  read_only: string;
  now: string;
}

/**
 * Two clocks that differ: which of them is wrong cannot be seen from here, so this keeps nobody from being ready.
 * @param database in milliseconds, like `here`
 */
export function clockWarnings(database: number, here: number): string[] {
  const seconds = Math.round((here - database) / 1_000);
  if (Math.abs(seconds) <= CLOCK_SECONDS) return [];
  return [
    `the clock of this machine is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} the database's: signed requests are refused and deadlines move; set both by NTP`,
  ];
}

function inTime<T>(answer: Promise<T>): Promise<T> {
  answer.catch(() => undefined);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer in time')), PATIENCE);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
