import { ask } from './db.ts';
import type { App, Life } from './registry.ts';
import type { Sweep } from './sweep.ts';

/** What the kernel itself writes with every request and delivery. */
const KERNEL_LIVES: readonly Life[] = [
  { table: 'request', kept: '90 days', sweep: 'parley_sweep_request' },
  { table: 'inbox', kept: 'bodies 30 days, but mails for good', sweep: 'parley_sweep_inbox_body' },
  { table: 'inbox', kept: '90 days once done, but mails for good', sweep: 'parley_sweep_inbox' },
];

/** All lives that are declared: the kernel's, the areas', and those of what else the hub is made of. */
export function livesOf(app: App, more: readonly Life[] = []): Life[] {
  return [...KERNEL_LIVES, ...app.registry.areas.flatMap((area) => area.lives ?? []), ...more];
}

/** Rows of one transaction: short enough that nobody waits for its locks. */
const BATCH = 1_000;

/** Each hour, what is too old goes, a batch per transaction, until nothing is left or the worker stops. */
export function growthSweep(app: App, lives: readonly Life[]): Sweep {
  return {
    name: 'growth',
    cron: '17 * * * *',
    parts: async () => lives.map(({ sweep }) => sweep),
    work: async (part, signal) => {
      const life = lives.find(({ sweep }) => sweep === part);
      if (!life) return;
      let rows = BATCH;
      while (rows === BATCH) {
        signal.throwIfAborted();
        const [row] = await ask<{ rows: number }>(app.database, {
          text: `select ${life.sweep}($1) as rows`,
          values: [BATCH],
        });
        rows = row?.rows ?? 0;
      }
    },
  };
}
