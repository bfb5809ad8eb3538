import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { CARD_LIVES } from './bots/rooms.ts';
import { printCommands, usageOf } from './cli/commands.ts';
import { showDelivery, takeAttachment } from './cli/delivery.ts';
import { inbox, ledgerTable, replay } from './cli/inbox.ts';
import { inviteFirm } from './cli/invite-firm.ts';
import { deadJobs, redriveJobs } from './cli/jobs.ts';
import { linkCode } from './cli/link-code.ts';
import { LISTS, printList } from './cli/lists.ts';
import { portalLink } from './cli/portal-link.ts';
import { storage } from './cli/storage.ts';
import type { Terminal } from './cli/terminal.ts';
import { verify } from './cli/verify.ts';
import type { Config } from './config.ts';
import { readConfig } from './config.ts';
import { areas } from './core/areas.ts';
import { systemClock } from './core/kernel/clock.ts';
import { DomainError } from './core/kernel/errors.ts';
import { livesOf } from './core/kernel/growth.ts';
import { startJobs } from './core/kernel/jobs.ts';
import type { App } from './core/kernel/registry.ts';
import { buildRegistry, runCommand } from './core/kernel/registry.ts';
import { secretsFrom } from './core/kernel/secrets.ts';
import { endingOf, MISUSED } from './faults.ts';
import { assertThere, migrateWhere, openOnce, placeOfDatabase } from './open-database.ts';
import { openFiles } from './open-files.ts';
import { platformsOf } from './platforms.ts';

const USAGE = `Usage: npm run parley -- <what>

  migrate [--new-secret]                     bring the database to this version, and say who may log in
  firm create name=… timezone=… admin=… email=…   found a firm with its first admin
  invite-firm                                an address at which one more firm is made in a browser, once
  firms                                      the firms there are
${Object.entries(LISTS)
  .map(([name, { what }]) => `  ${name.padEnd(42)} ${what}`)
  .join('\n')}
  connect <tool> <account>                   say that a workspace, mailbox or tool belongs to the firm
  link-code <mail address>                   a code with which a person links a chat account, to be handed to them
  portal-link <mail address>                 a link that signs a person in to the portal, once
  commands [<command>]                       the commands there are, with their arguments
  do <command> key=value …                   run any command as the system, like: do project.bind-room channel=slack …
  ledger                                     received = applied + duplicate + quarantined, per source
  inbox                                      what is in quarantine, and why
  inbox show <id>                            one delivery: its sender, what became of it, its files
  inbox attachment <id> <number> <path>      write a file of a stored mail to a new path
  inbox replay <id>                          work a quarantined delivery again
  jobs dead | jobs redrive                   jobs that failed for good; put them back
  storage                                    what the database holds, and for how long it is kept
  verify                                     check the protection, the ledger, the events and the posted cards

A list is narrowed as on its page: people side=staff. --json prints what a program can read. Where there are several firms, name one with --firm <id>.
It works on the database of DATABASE_URL or DATABASE_APP_URL; without them on the embedded one in PARLEY_DATA_DIR.`;

const options = {
  json: { type: 'boolean', default: false },
  firm: { type: 'string' },
  'new-secret': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const;

const { values, positionals } = given();
process.exitCode = await main(positionals);

function given() {
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    console.error(`${(error as Error).message.split('. ')[0]}: npm run parley -- --help shows what there is`);
    process.exit(MISUSED);
  }
}

async function main(words: string[]): Promise<number> {
  const [what, ...rest] = words;
  if (values.help || !what || what === 'help') {
    console.log(USAGE);
    return values.help || what ? 0 : MISUSED;
  }
  try {
    if (what === 'commands') return printCommands(buildRegistry(areas), rest[0], (line) => console.log(line));
    const work = workOf(what, rest);
    if (!work && what !== 'migrate') return unknown(words);
    const config = readConfig(process.env);
    return work ? await withTerminal(config, makesFirst(words), work) : await bringUp(config);
  } catch (error) {
    const ending = endingOf(error);
    console.error(ending?.say ?? error);
    return ending?.code ?? 1;
  }
}

type Work = (terminal: Terminal) => Promise<number>;

/** What the words ask for; null when nothing goes by them. */
function workOf(what: string, rest: string[]): Work | null {
  if (LISTS[what]) return (terminal) => printList(terminal, what, pairs(rest));
  switch (what) {
    case 'firm':
      return rest[0] === 'create' ? (terminal) => createFirm(terminal, pairs(rest.slice(1))) : null;
    case 'invite-firm':
      return inviteFirm;
    case 'firms':
      return async ({ app, print }) => {
        for (const firm of await firms(app)) print(`${firm.id}  ${firm.name}`);
        return 0;
      };
    case 'connect':
      return (terminal) => connect(terminal, rest);
    case 'link-code':
      return (terminal) => linkCode(terminal, rest);
    case 'portal-link':
      return (terminal) => portalLink(terminal, rest);
    case 'do':
      return (terminal) => run(terminal, rest);
    case 'ledger':
      return ledgerTable;
    case 'inbox':
      return inboxCommand(rest);
    case 'jobs':
      return rest[0] === 'redrive' ? redriveJobs : rest[0] === 'dead' ? deadJobs : null;
    case 'storage':
      return (terminal) => storage(terminal, livesOf(terminal.app, CARD_LIVES));
    case 'verify':
      return verify;
    default:
      return null;
  }
}

/** With nothing there yet, only founding a firm makes an embedded database. */
function makesFirst([what, how]: string[]): boolean {
  return what === 'firm' && how === 'create';
}

async function bringUp(config: Config): Promise<number> {
  const log = (line: string) => console.error(line);
  await migrateWhere(config, log, { newSecret: values['new-secret'] });
  console.log(`The database ${placeOfDatabase(config)} is at this version.`);
  return 0;
}

function inboxCommand([what, id = '', number = '', path = '']: string[]): (terminal: Terminal) => Promise<number> {
  if (what === 'replay' && id) return (terminal) => replay(terminal, id);
  if (what === 'show' && id) return (terminal) => showDelivery(terminal, id);
  if (what === 'attachment' && path) return (terminal) => takeAttachment(terminal, id, number, path);
  return inbox;
}

function unknown(words: string[]): number {
  console.error(`There is no "${words.join(' ')}": npm run parley -- --help shows what there is`);
  return MISUSED;
}

async function createFirm(terminal: Terminal, given: Record<string, string>): Promise<number> {
  const { name, timezone, admin, email } = given;
  if (!name || !timezone || !admin || !email) {
    console.error('A firm needs more: npm run parley -- firm create name=… timezone=… admin=… email=…');
    return MISUSED;
  }
  const id = randomUUID();
  await terminal.app.database.pool.query('select parley_found($1, $2, $3)', [id, name, timezone]);
  const staff = { name: admin, email, role: 'admin', timezone };
  await runCommand(
    terminal.app,
    { kind: 'system', tenantId: id, reason: 'founding the firm' },
    { name: 'people.add-staff', input: staff, requestId: 'founding' },
  );
  terminal.print(`${name} is founded: ${id}`);
  return 0;
}

async function connect(terminal: Terminal, [tool, account]: string[]): Promise<number> {
  if (!tool || !account) {
    console.error('Say which: npm run parley -- connect <tool> <account>, like connect slack T0123');
    return MISUSED;
  }
  const tenantId = await terminal.tenantId();
  await runCommand(
    terminal.app,
    { kind: 'system', tenantId, reason: 'command line' },
    { name: 'connection.connect', input: { tool, account }, requestId: `connect ${tool} ${account} ${randomUUID()}` },
  );
  terminal.print(`${tool} ${account} is connected.`);
  return 0;
}

async function run(terminal: Terminal, [name = '', ...words]: string[]): Promise<number> {
  const command = terminal.app.registry.commands.get(name);
  if (!command)
    throw new DomainError('not_found', `There is no command "${name}": npm run parley -- commands lists them`);
  const input = pairs(words);
  if (!command.input.safeParse(input).success) console.error(`Usage: npm run parley -- do ${usageOf(command)}`);
  const who = { kind: 'system', tenantId: await terminal.tenantId(), reason: 'command line' } as const;
  const { output, card } = await runCommand(terminal.app, who, {
    name,
    input,
    requestId: `cli ${randomUUID()}`,
  });
  terminal.print(terminal.json ? JSON.stringify(output) : `${card.fallback}\n${JSON.stringify(output)}`);
  return 0;
}

function pairs(words: string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at < 1)
        throw new DomainError(
          'invalid',
          `"${word}" is not of the form key=value: put quotes around values with spaces`,
        );
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

async function firms(app: App): Promise<{ id: string; name: string }[]> {
  return (await app.database.pool.query('select id, name from parley_firms()')).rows as { id: string; name: string }[];
}

async function withTerminal(config: Config, mayMake: boolean, work: Work): Promise<number> {
  const onError = (error: Error) => console.error(error.message);
  if (!mayMake) await assertThere(config);
  console.error(`Working on ${placeOfDatabase(config)}.`);
  const database = await openOnce(config, onError);
  const jobs = await startJobs(database, { works: false, onError });
  const app: App = {
    database,
    jobs,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    secrets: secretsFrom(config.secrets),
    publicUrl: config.publicUrl,
    registry: buildRegistry(areas),
    platforms: platformsOf(config, () => app),
    files: openFiles(config),
  };
  const tenantId = async () => {
    if (values.firm) return values.firm;
    const all = await firms(app);
    if (all.length === 1 && all[0]) return all[0].id;
    throw new DomainError(
      'invalid',
      all.length
        ? 'There are several firms: name one with --firm <id>.'
        : 'There is no firm yet: found one with: npm run parley -- firm create',
    );
  };
  try {
    return await work({ app, tenantId, json: values.json, print: (line) => console.log(line) });
  } finally {
    await jobs.stop();
    await database.close();
  }
}
