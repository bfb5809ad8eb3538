import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredConnection } from './connection.ts';
import { openedCredentials, sealedCredentials } from './connection.ts';
import type { Context, Kernel } from './context.ts';
import { withActor } from './context.ts';
import { RetryLater } from './jobs.ts';

/** Seconds for which one process alone renews: longer than a tool is waited for. Of one that died the next one takes over then. */
const LEASE_SECONDS = 20;
/** Milliseconds between two looks whether whoever renews is done, and for which they are waited for. */
const LOOK = 100;
const PATIENCE = 6_000;
/** New credentials that the database does not take at once are offered to it some times more: the old ones may be dead. */
const KEEPING = { tries: 5, pause: 300 };

/** Whose credentials they are. */
type Whose = Pick<StoredConnection, 'tenantId' | 'id' | 'tool' | 'account'>;

/** How credentials that end by themselves are renewed. */
export interface Renewal<C> {
  parse(stored: unknown): C;
  /** They are of no use, or will not be for long. */
  isOver(credentials: C): boolean;
  /** Asks the tool for new ones; from then on the old ones may be dead. */
  renew(credentials: C): Promise<C>;
}

/**
 * The credentials of a connection, renewed where they are over: by one process at a time, however many find it out, because many
 * tools take what they are renewed with only once. New ones are committed before anybody works with them.
 * @throws RetryLater when another process renews them for too long; what `renew` throws
 */
export async function renewedCredentials<C>(kernel: Kernel, whose: Whose, renewal: Renewal<C>): Promise<C> {
  const until = performance.now() + PATIENCE;
  while (performance.now() < until) {
    const stored = await readSealed(kernel, whose);
    const credentials = renewal.parse(await openedCredentials(kernel, { ...whose, sealed: stored.sealed }));
    if (!renewal.isOver(credentials)) return credentials;
    const renewed =
      !stored.taken && (await take(kernel, whose, stored.sealed))
        ? await renewTaken(kernel, whose, stored.sealed, () => renewal.renew(credentials))
        : null;
    if (renewed) return renewed.credentials;
    await sleep(LOOK);
  }
  throw new RetryLater(5, `another process renews what ${whose.tool} ${whose.account} is reached with`);
}

/** @returns null when other credentials took their place meanwhile */
async function renewTaken<C>(
  kernel: Kernel,
  whose: Whose,
  sealed: Buffer,
  renew: () => Promise<C>,
): Promise<{ credentials: C } | null> {
  const credentials = await renew().catch(async (error: unknown) => {
    // Where even that cannot be noted, the next one waits until this one's time is over.
    await giveBack(kernel, whose, sealed).catch(() => undefined);
    throw error;
  });
  for (let tries = 1; ; tries += 1) {
    try {
      return (await keep(kernel, whose, sealed, credentials)) ? { credentials } : null;
    } catch (error) {
      if (tries === KEEPING.tries) throw error;
      await sleep(KEEPING.pause);
    }
  }
}

function asSystem<T>(kernel: Kernel, { tenantId }: Whose, work: (context: Context) => Promise<T>): Promise<T> {
  return withActor(kernel, { kind: 'system', tenantId, reason: 'renewing credentials' }, work);
}

async function readSealed(kernel: Kernel, whose: Whose): Promise<{ sealed: Buffer; taken: boolean }> {
  const [row] = await asSystem(
    kernel,
    whose,
    ({ sql }) => sql<{ sealed: Buffer; taken: boolean }>`
      select sealed, coalesce(renewing_until > clock_timestamp(), false) as taken
      from credentials where tenant_id = ${whose.tenantId} and connection_id = ${whose.id}`,
  );
  if (!row) throw new RetryLater(5, `${whose.tool} ${whose.account} was disconnected`);
  return row;
}

/** @returns whether this process is the one that renews */
async function take(kernel: Kernel, whose: Whose, sealed: Buffer): Promise<boolean> {
  const rows = await asSystem(
    kernel,
    whose,
    ({ sql }) => sql`
      update credentials set renewing_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
      where tenant_id = ${whose.tenantId} and connection_id = ${whose.id} and sealed = decode(${sealed.toString('base64')}, 'base64')
        and coalesce(renewing_until <= clock_timestamp(), true)
      returning connection_id`,
  );
  return rows.length === 1;
}

async function giveBack(kernel: Kernel, whose: Whose, sealed: Buffer): Promise<void> {
  await asSystem(
    kernel,
    whose,
    ({ sql }) => sql`
      update credentials set renewing_until = null
      where tenant_id = ${whose.tenantId} and connection_id = ${whose.id} and sealed = decode(${sealed.toString('base64')}, 'base64')`,
  );
}

/** In the place of those that were renewed, and of no others: somebody may have connected the account again meanwhile. */
async function keep(kernel: Kernel, whose: Whose, sealed: Buffer, credentials: unknown): Promise<boolean> {
  const rows = await asSystem(kernel, whose, async (context) => {
    const renewed = await sealedCredentials(context, whose, credentials);
    return context.sql`
      update credentials set sealed = decode(${renewed}, 'base64'), renewing_until = null
      where tenant_id = ${whose.tenantId} and connection_id = ${whose.id} and sealed = decode(${sealed.toString('base64')}, 'base64')
      returning connection_id`;
  });
  return rows.length === 1;
}
