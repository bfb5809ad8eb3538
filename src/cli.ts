import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import type { Desk } from './cli/desk.ts';
import { inbox, ledgerTable, replay } from './cli/inbox.ts';
import { deadJobs, redriveJobs } from './cli/jobs.ts';
import { verify } from './cli/verify.ts';
import { ConfigError, readConfig } from './config.ts';
import { areas } from './core/areas.ts';
import { systemClock } from './core/kernel/clock.ts';
import { DomainError } from './core/kernel/errors.ts';
import { startJobs } from './core/kernel/jobs.ts';
import type { App } from './core/kernel/registry.ts';
import { buildRegistry, runCommand } from './core/kernel/registry.ts';
import { secretsFrom } from './core/kernel/secrets.ts';
import { openMigrated } from './migrate.ts';

const USAGE = `Usage: npm run parley -- <what>

  migrate                                    bring the database to this version
  firm create name=… timezone=… admin=… email=…   found a firm with its first admin
  firms                                      the firms there are
  connect <tool> <account>                   say that a workspace, mailbox or tool belongs to the firm
  do <command> key=value …                   run any command as the system, like: do project.bind-room channel=slack …
  commands                                   the commands there are
  ledger [--json]                            received = applied + duplicate + quarantined, per source
  inbox [--json]                             what is in quarantine, and why
  inbox replay <id>                          work a quarantined delivery again
  jobs dead | jobs redrive                   jobs that failed for good; put them back
  verify [--json]                            check the walls, the ledger, the events and the posted cards

Where there are several firms, name one with --firm <id>.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    firm: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
process.exitCode = await main(positionals);

async function main(words: string[]): Promise<number> {
  if (values.help || !words.length) {
    console.log(USAGE);
    return words.length || values.help ? 0 : 2;
  }
  try {
    return await withDesk((desk) => dispatch(desk, words));
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof DomainError || isRefusal(error))) throw error;
    console.error(error instanceof DomainError ? error.say : error.message);
    return 1;
  }
}

/** A database that cannot be reached or is in use: said in one line, without a stack. */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && (/is using|walls/.test(error.message) || 'code' in error);
}

async function dispatch(desk: Desk, words: string[]): Promise<number> {
  const [what, ...rest] = words;
  switch (what) {
    case 'migrate':
      desk.print('The database is at this version.');
      return 0;
    case 'firm':
      return rest[0] === 'create' ? createFirm(desk, pairs(rest.slice(1))) : unknown(words);
    case 'firms':
      for (const firm of await firms(desk.app)) desk.print(`${firm.id}  ${firm.name}`);
      return 0;
    case 'connect':
      return connect(desk, rest);
    case 'do':
      return run(desk, rest);
    case 'commands':
      for (const name of [...desk.app.registry.commands.keys()].sort()) desk.print(name);
      return 0;
    case 'ledger':
      return ledgerTable(desk);
    case 'inbox':
      return rest[0] === 'replay' && rest[1] ? replay(desk, rest[1]) : inbox(desk);
    case 'jobs':
      return rest[0] === 'redrive' ? redriveJobs(desk) : rest[0] === 'dead' ? deadJobs(desk) : unknown(words);
    case 'verify':
      return verify(desk);
    default:
      return unknown(words);
  }
}

function unknown(words: string[]): number {
  console.error(`There is no "${words.join(' ')}".\n\n${USAGE}`);
  return 2;
}

async function createFirm(desk: Desk, given: Record<string, string>): Promise<number> {
  const { name, timezone, admin, email } = given;
  if (!name || !timezone || !admin || !email) {
    console.error('A firm needs name=… timezone=… admin=… email=…');
    return 2;
  }
  const id = randomUUID();
  await desk.app.database.pool.query('select parley_found($1, $2, $3)', [id, name, timezone]);
  const staff = { name: admin, email, role: 'admin', timezone };
  await runCommand(
    desk.app,
    { kind: 'system', tenantId: id, reason: 'founding the firm' },
    { name: 'people.add-staff', input: staff, requestId: 'founding' },
  );
  desk.print(`${name} is founded: ${id}`);
  return 0;
}

async function connect(desk: Desk, [tool, account]: string[]): Promise<number> {
  if (!tool || !account) {
    console.error('Say which: connect <tool> <account>');
    return 2;
  }
  const tenantId = await desk.tenantId();
  await runCommand(
    desk.app,
    { kind: 'system', tenantId, reason: 'command line' },
    { name: 'people.connect', input: { tool, account }, requestId: `connect ${tool} ${account} ${randomUUID()}` },
  );
  desk.print(`${tool} ${account} is connected.`);
  return 0;
}

async function run(desk: Desk, [name = '', ...words]: string[]): Promise<number> {
  const who = { kind: 'system', tenantId: await desk.tenantId(), reason: 'command line' } as const;
  const { output, card } = await runCommand(desk.app, who, {
    name,
    input: pairs(words),
    requestId: `cli ${randomUUID()}`,
  });
  desk.print(desk.json ? JSON.stringify(output) : `${card.fallback}\n${JSON.stringify(output)}`);
  return 0;
}

function pairs(words: string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at < 1) throw new DomainError('invalid', `"${word}" is not of the form key=value.`);
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

async function firms(app: App): Promise<{ id: string; name: string }[]> {
  return (await app.database.pool.query('select id, name from parley_firms()')).rows as { id: string; name: string }[];
}

async function withDesk(work: (desk: Desk) => Promise<number>): Promise<number> {
  const config = readConfig(process.env);
  const onError = (error: Error) => console.error(error.message);
  const database = await openMigrated(config, { connections: 2, log: (line) => console.error(line), onError });
  const jobs = await startJobs(database, { works: false, onError });
  const app: App = {
    database,
    jobs,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    secrets: secretsFrom(config.secrets),
    registry: buildRegistry(areas),
  };
  const tenantId = async () => {
    if (values.firm) return values.firm;
    const all = await firms(app);
    if (all.length === 1 && all[0]) return all[0].id;
    throw new DomainError(
      'invalid',
      all.length ? 'There are several firms: name one with --firm <id>.' : 'There is no firm yet: firm create …',
    );
  };
  try {
    return await work({ app, tenantId, json: values.json, print: (line) => console.log(line) });
  } finally {
    await jobs.stop();
    await database.close();
  }
}
