import { askAgain, ledger } from '../core/kernel/inbox.ts';
import { quarantined } from '../core/kernel/inbox-read.ts';
import type { Terminal } from './terminal.ts';

/** Prints received = applied + duplicate + quarantined per source; 1 when a line does not add up. */
export async function ledgerTable(terminal: Terminal): Promise<number> {
  const lines = await ledger(terminal.app, await terminal.tenantId());
  const balanced = lines.every(
    (line) => line.received === line.applied + line.duplicate + line.quarantined + line.waiting,
  );
  if (terminal.json) {
    terminal.print(JSON.stringify({ balanced, lines }));
  } else if (!lines.length) {
    terminal.print('Nothing has come in yet.');
  } else {
    for (const line of lines) {
      const waiting = line.waiting ? ` + ${line.waiting} waiting` : '';
      terminal.print(
        `${line.source.padEnd(12)} ${line.received} received = ${line.applied} applied + ${line.duplicate} duplicate + ${line.quarantined} quarantined${waiting}`,
      );
    }
  }
  return balanced ? 0 : 1;
}

/** Prints what is in quarantine, newest first, and why. */
export async function inbox(terminal: Terminal): Promise<number> {
  const rows = await quarantined(terminal.app, await terminal.tenantId());
  if (terminal.json) terminal.print(JSON.stringify(rows));
  else if (!rows.length) terminal.print('Nothing is in quarantine.');
  else
    for (const row of rows)
      terminal.print(
        `${row.receivedAt.toISOString()}  ${row.source} ${row.kind}  ${row.id}${about(row)}\n  ${row.outcome}`,
      );
  return 0;
}

function about({ sender, subject }: { sender: string | null; subject: string | null }): string {
  return sender || subject ? `\n  from ${sender || 'nobody'}: ${subject || 'without a subject'}` : '';
}

/** Asks a worker to work a quarantined delivery again; 1 when there is none of that id. */
export async function replay(terminal: Terminal, id: string): Promise<number> {
  const asked = await askAgain(terminal.app, await terminal.tenantId(), id);
  terminal.print(
    asked
      ? 'A worker takes it up as soon as one runs.'
      : `There is no delivery ${id} in quarantine; \`npm run parley -- inbox\` lists those that are.`,
  );
  return asked ? 0 : 1;
}
