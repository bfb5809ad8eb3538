import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { controlsOf } from './console/controls.ts';
import { startConsole } from './console/server.ts';
import { assertFree, startWorld } from './console/world.ts';

/**
 * `npm run demo`: the whole hub on this machine alone, with stand-ins for the platforms and a page that shows them side
 * by side. Needs no account and no network. `npm run demo -- --fresh` begins anew.
 */
const CONSOLE_PORT = 4400;

const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } });
const started = performance.now();
try {
  const dataDir = resolve(process.env.PARLEY_DATA_DIR || '.parley/demo');
  await assertFree(dataDir);
  const world = await startWorld({ dataDir, fresh: values.fresh, logLevel: process.env.LOG_LEVEL || 'error' });
  const controls = controlsOf(world);
  const page = await startConsole(controls, Number(process.env.PORT || CONSOLE_PORT));
  console.log(`Parley's demo is at ${page.url}`);
  console.log(
    `Started in ${((performance.now() - started) / 1000).toFixed(1)} s. Its data is in ${dataDir}. Stop it with Ctrl-C.`,
  );
  stopOnSignals(async () => {
    controls.stop();
    await page.stop();
    await world.stop();
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error('The demo could not stop in order:', error);
          process.exit(1);
        },
      );
    });
  }
}
