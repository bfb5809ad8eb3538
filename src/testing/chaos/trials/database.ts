import pg from 'pg';
import { pressButton } from '../acts.ts';
import type { Answered } from '../answers.ts';
import { faultsOf } from '../answers.ts';
import { pause } from '../fleet.ts';
import { readinessFaults, watchReadiness } from '../readiness.ts';
import type { Trial } from '../stage.ts';
import { lasting, underTraffic } from '../stage.ts';

/** The database's processes stand still with their sockets open. */
export const frozen: Trial = {
  name: 'the database is frozen for 30 s',
  run: async (stage) => {
    const { postgres } = stage.setting;
    if (!postgres) return ['not run: the server of DATABASE_URL is not ours to freeze'];
    const watch = watchReadiness(stage.world.hub);
    let from = 0;
    let to = 0;
    const answers = await underTraffic(stage, async () => {
      await pause(1_000);
      from = performance.now();
      await postgres.freeze();
      await pause(lasting(stage, 30));
      to = performance.now();
      await postgres.thaw();
      await pause(5_000);
    });
    const end = performance.now();
    await watch.stop();
    return [
      ...faultsOf(answers),
      ...readinessFaults(watch.looks, from, to, false),
      // Connections that hang are replaced, not waited for.
      ...readinessFaults(watch.looks, to + 3_000, end, true),
    ];
  },
};

/** One row is locked while people press on it: they are told soon, and nobody else notices. */
export const lockedRow: Trial = {
  name: 'a row is locked for 30 s while people press on it',
  run: async (stage) => {
    const { setting, world } = stage;
    const holder = new pg.Client({ connectionString: setting.ownerUrl });
    await holder.connect();
    const [ticket] = (await holder.query(`select id, version from ticket order by created_at limit 1`)).rows;
    const press = { target: 'ticket.take', input: { ticket: ticket.id, version: String(ticket.version) } };
    const pressed: Answered[] = [];
    const pressing = async (seconds: number) => {
      const until = performance.now() + lasting(stage, seconds);
      await Promise.all(
        Array.from({ length: 12 }, async () => {
          while (performance.now() < until) {
            const heard = { ...world, heard: (one: Answered) => pressed.push(one) };
            await pressButton(heard, setting.firm.admin, press);
            await pause(100);
          }
        }),
      );
    };
    // As many press on it while it is free: their own work shares the processor with everybody else's.
    const free = await underTraffic(stage, () => pressing(10));
    const watch = watchReadiness(world.hub);
    const from = performance.now();
    const others = await underTraffic(stage, async () => {
      await holder.query('begin');
      await holder.query('select from ticket where id = $1 for update', [ticket.id]);
      await pressing(30);
      await holder.query('rollback');
    });
    const to = performance.now();
    await watch.stop();
    await holder.end();
    const [before, during] = [p95(free), p95(others)];
    const slower = during > 1.5 * before + 200;
    return [
      ...faultsOf(pressed).map((fault) => `those who press on it: ${fault}`),
      ...faultsOf(others),
      ...(slower ? [`others waited ${Math.round(during)} ms (p95), ${Math.round(before)} ms while it was free`] : []),
      ...readinessFaults(watch.looks, from, to, true),
    ];
  },
};

function p95(answers: readonly Answered[]): number {
  const sorted = answers.map(({ took }) => took).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.95)] ?? 0;
}
