import { pino } from 'pino';
import { ConfigError, readConfig } from './config.ts';
import { startHub } from './hub.ts';
import { REDACTED } from './log.ts';

const role = process.argv[2] ?? 'both';
if (!['web', 'worker', 'both'].includes(role)) {
  console.error(`Usage: npm start -- [web|worker|both]\nThere is no role "${role}".`);
  process.exit(2);
}

try {
  const config = readConfig(process.env);
  const log = pino({ level: config.logLevel, redact: REDACTED });
  const hub = await startHub(config, { web: role !== 'worker', worker: role !== 'web', log });
  log.info({ role, url: hub.url, pid: process.pid }, 'Parley is running');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'stopping');
      hub.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'could not stop in order');
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
}
