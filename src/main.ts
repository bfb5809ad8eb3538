import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Compiled once, a process is back in half the time; where nothing can be written it compiles as ever.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/parley'));
const { readConfig } = await import('./config.ts');
const { endingOf, MISUSED } = await import('./faults.ts');
const { startHub } = await import('./hub.ts');
const { openLog } = await import('./log.ts');

/** Milliseconds that whoever shares requests out gets to see /readyz say no; Ctrl-C at a terminal waits for nobody. */
const NOTICE = 3_000;
/** Milliseconds after the start until what it left behind is given back. */
const TIDIED = 5_000;
const role = process.argv[2] ?? 'both';
if (!['web', 'worker', 'both'].includes(role)) {
  console.error(`There is no role "${role}": npm start -- web, npm start -- worker, or npm start for both`);
  process.exit(MISUSED);
}

try {
  const config = readConfig(process.env);
  const log = openLog(config.logLevel);
  const hub = await startHub(config, { web: role !== 'worker', worker: role !== 'web', log });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'stopping');
      hub.stop({ notice: signal === 'SIGTERM' ? NOTICE : 0 }).then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'could not stop in order');
          process.exit(1);
        },
      );
    });
  }
  // Whoever has read this may send a signal.
  log.info({ role, url: hub.url, pid: process.pid }, 'Parley is running');
  // On its own and not in the log, which others may read or keep: it is a key.
  if (hub.foundingUrl)
    console.log(
      `There is no firm here yet. Make it, and its first administrator, within a day at:\n${hub.foundingUrl}`,
    );
  // Not only at the end: a process may be killed.
  flushCompileCache();
  setTimeout(collectGarbage, TIDIED).unref();
} catch (error) {
  const ending = endingOf(error);
  console.error(ending?.say ?? error);
  process.exit(ending?.code ?? 1);
}

/** A quarter of what a process holds after its start is garbage, and one that rests has no cause to look for it by itself. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
