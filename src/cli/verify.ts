import { driftingCards } from '../bots/drift.ts';
import { undelivered } from '../core/kernel/delivery.ts';
import { ledger } from '../core/kernel/inbox.ts';
import { assertProtection } from '../core/kernel/protection.ts';
import type { Terminal } from './terminal.ts';

/** One thing that must hold at rest. */
export interface Finding {
  name: string;
  /** Empty when it holds. */
  faults: string[];
}

/** Checks what must hold at rest: the protection, the ledger, every event delivered, every posted card current, no job dead. */
export async function verify(terminal: Terminal): Promise<number> {
  const findings = await findingsOf(terminal);
  if (terminal.json) terminal.print(JSON.stringify(findings));
  else {
    for (const { name, faults } of findings) {
      terminal.print(`${faults.length ? 'FAULT' : 'ok   '}  ${name}`);
      for (const fault of faults) terminal.print(`         ${fault}`);
    }
  }
  return findings.some(({ faults }) => faults.length) ? 1 : 0;
}

async function findingsOf(terminal: Terminal): Promise<Finding[]> {
  const { app } = terminal;
  const tenantId = await terminal.tenantId();
  const protection = await assertProtection(app.database).then(
    () => [],
    (error: Error) => [error.message],
  );
  const lines = await ledger(app, tenantId);
  const drifting = await driftingCards(app, tenantId);
  const dead = await app.jobs.dead(100);
  return [
    { name: 'firms and clients are kept apart', faults: protection },
    {
      name: 'received = applied + duplicate + quarantined',
      faults: lines
        .filter((line) => line.received !== line.applied + line.duplicate + line.quarantined)
        .map((line) => `${line.source}: ${line.waiting} of ${line.received} are still waiting`),
    },
    {
      name: 'every event was delivered',
      faults: (await undelivered(app, tenantId)).map(({ id, name }) => `${name} ${id}`),
    },
    {
      name: 'every posted card shows the present',
      faults: drifting.map(
        (card) => `card ${card.cardId} in ${card.channel} ${card.room} differs from what would be drawn now`,
      ),
    },
    { name: 'no job has failed for good', faults: dead.map((job) => `${job.queue}: ${JSON.stringify(job.error)}`) },
  ];
}
