import { type spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { graceOf, readCompose, type Service } from './image/compose.ts';
import { becomesHealthy, type Host, openImage, runIn } from './image/container.ts';
import { startDatabase } from './image/database.ts';
import { drain } from './image/drain.ts';
import { buildNetwork } from './image/network.ts';

/*
 * Starts what compose.yaml describes from the image that scripts/build-image.sh built, and stops it again, without Docker:
 * a network namespace for each service, the image's files as a root that cannot be written, the user, settings, health
 * checks and order that the two files name. As root; needs buildah, iproute2 and the programs of PostgreSQL.
 *
 *   node scripts/check-image.ts --root <folder of the image storage>
 */
const { values } = parseArgs({ options: { root: { type: 'string', default: '/var/lib/containers/storage' } } });

// Its own network and mounts: nothing of the check is seen outside, and all of it ends with the process.
if (process.env.PARLEY_IMAGE_CHECK !== 'inside') {
  const again = ['--net', '--mount', '--propagation', 'private', process.execPath, ...process.argv.slice(1)];
  const run = spawnSync('unshare', again, { stdio: 'inherit', env: { ...process.env, PARLEY_IMAGE_CHECK: 'inside' } });
  if (run.error) console.error(run.error.message);
  process.exit(run.status ?? 1);
}

const folder = mkdtempSync(join(tmpdir(), 'parley-compose-'));
const running = new Map<string, ReturnType<typeof spawn>>();
try {
  await check();
  console.log('The image runs as compose.yaml says.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  for (const child of running.values()) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

async function check(): Promise<void> {
  const secret = (bytes: number) => randomBytes(bytes).toString('hex');
  const services = readCompose('compose.yaml', {
    PARLEY_SECRET: secret(36),
    DATABASE_OWNER_PASSWORD: secret(24),
    DATABASE_LOGIN_PASSWORD: secret(24),
  });
  const host = hostOf(Object.keys(services));
  const service = (name: string): Service => {
    const found = services[name];
    if (!found) throw new Error(`compose.yaml has no service ${name}.`);
    return found;
  };

  const database = await startDatabase(service('database'), host.network, join(folder, 'database'));
  say(
    `database is healthy: PostgreSQL ${database.version} of this machine in the place of ${service('database').image}`,
  );
  const migrated = await finished(start(host, 'migrate', service('migrate')));
  if (migrated.code !== 0) throw new Error(`migrate ended with ${migrated.code}:\n${migrated.said()}`);
  say('migrate brought the database to this version and ended with 0');

  const started = performance.now();
  const [web, worker] = [start(host, 'web', service('web')), start(host, 'worker', service('worker'))];
  if (!(await becomesHealthy(host, 'web', service('web'), 45))) throw new Error(`web is not healthy:\n${web.said()}`);
  const url = `http://${host.network.addressOf('web')}:${service('web').environment.PORT}`;
  const ready = await fetch(`${url}/readyz`);
  if (ready.status !== 200) throw new Error(`/readyz answers ${ready.status}: ${await ready.text()}`);
  say(`web is healthy and /readyz answers 200, ${Math.round(performance.now() - started)} ms after the start`);
  await until(
    () => worker.said().includes('Parley is running'),
    () => `worker does not run:\n${worker.said()}`,
  );
  for (const one of [web, worker]) assertBare(one);
  say(`both run as ${host.image.user} without a capability, on a root that cannot be written`);

  const counts = await drain(url, () => stop('web', web, service('web')));
  say(`web stopped in ${counts.value} ms on SIGTERM: ${counts.answered} requests answered, none cut`);
  say(`worker stopped in ${await stop('worker', worker, service('worker'))} ms on SIGTERM`);
  await database.stop();
}

function hostOf(services: string[]): Host {
  const [files, hosts] = [join(folder, 'files'), join(folder, 'hosts')];
  mkdirSync(join(folder, 'database'));
  mkdirSync(files);
  chmodSync(folder, 0o755);
  // The volume begins as the image's own folder does: it belongs to the user of the image.
  chmodSync(files, 0o777);
  const network = buildNetwork(services, hosts);
  const image = openImage(values.root, join(folder, 'run'), 'parley:local');
  writeFileSync(join(image.tree, 'etc/hosts'), '');
  return { image, network, files, hosts };
}

interface Started {
  child: ReturnType<typeof spawn>;
  said(): string;
}

function start(host: Host, name: string, service: Service): Started {
  const child = runIn(host, name, service);
  running.set(name, child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-20_000);
    });
  return { child, said: () => said };
}

async function finished({ child, said }: Started): Promise<{ code: number | null; said(): string }> {
  const code = child.exitCode ?? (await new Promise<number | null>((resolve) => child.once('exit', resolve)));
  return { code, said };
}

/** Sends SIGTERM and waits as long as compose would. @returns milliseconds @throws Error when it did not end with 0 */
async function stop(name: string, one: Started, service: Service): Promise<number> {
  const started = performance.now();
  one.child.kill('SIGTERM');
  const late = setTimeout(() => one.child.kill('SIGKILL'), graceOf(service));
  const { code } = await finished(one);
  clearTimeout(late);
  running.delete(name);
  const took = Math.round(performance.now() - started);
  if (code !== 0) throw new Error(`${name} ended with ${code} ${took} ms after SIGTERM:\n${one.said()}`);
  return took;
}

/** What the kernel says of the process, whatever the image and compose wish. @throws Error when it may do more */
function assertBare({ child }: Started): void {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const root = readFileSync(`/proc/${child.pid}/mountinfo`, 'utf8')
    .split('\n')
    .findLast((line) => line.split(' ')[4] === '/');
  const wanted = [/^Uid:\t1000\t1000\t/m, /^CapEff:\t0+$/m, /^NoNewPrivs:\t1$/m];
  const missing = wanted.filter((one) => !one.test(status));
  if (missing.length || !root?.split(' ')[5]?.startsWith('ro'))
    throw new Error(`A process may do more than compose.yaml says: ${missing.join(', ')}; its root is mounted ${root}`);
}

async function until(holds: () => boolean, say: () => string): Promise<void> {
  for (let tried = 0; !holds(); tried += 1) {
    if (tried === 120) throw new Error(say());
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function say(line: string): void {
  console.log(`- ${line}`);
}
