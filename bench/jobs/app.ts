import { pino } from 'pino';
import { z } from 'zod';
import { systemClock } from '../../src/core/kernel/clock.ts';
import { command } from '../../src/core/kernel/command.ts';
import { openServer } from '../../src/core/kernel/db.ts';
import { startJobs } from '../../src/core/kernel/jobs.ts';
import type { App } from '../../src/core/kernel/registry.ts';
import { area, buildRegistry } from '../../src/core/kernel/registry.ts';
import { secretsFrom } from '../../src/core/kernel/secrets.ts';
import { SECRET } from '../cluster.ts';
import { NO_FILES } from '../no-files.ts';

/** A command as small as one can be: what is measured is the way of its event. */
const touch = command({
  name: 'bench.touch',
  input: z.strictObject({ project: z.uuid() }),
  load: async ({ sql }, { project }) =>
    (await sql`select client_id from project where id = ${project} for update`)[0] ?? null,
  policy: () => true,
  handle: async ({ sql }, { project }) => {
    await sql`update project set version = version + 1 where id = ${project}`;
    return {
      events: [{ name: 'bench.touched', about: { entity: 'project', id: project }, data: {} }],
      output: null,
    };
  },
  reply: () => ({
    title: '',
    tone: 'neutral',
    blocks: [],
    actions: [],
    fallback: '',
    about: { entity: 'project', id: '', version: 0 },
  }),
});

const benchArea = area({ name: 'bench', commands: [touch] });

/** The kernel alone, with an area of the bench's own. */
export async function benchApp(url: string, works: boolean): Promise<App> {
  const onError = (error: Error) => console.error(error.message);
  const database = openServer(url, { connections: 16, onError });
  return {
    database,
    jobs: await startJobs(database, { works, onError }),
    clock: systemClock,
    log: pino({ level: 'silent' }),
    secrets: secretsFrom([SECRET]),
    publicUrl: 'https://parley.example',
    registry: buildRegistry([benchArea]),
    platforms: { has: () => false, open: async () => null },
    files: NO_FILES,
  };
}
