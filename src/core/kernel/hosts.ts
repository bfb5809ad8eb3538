import pg from 'pg';
import type { Address } from './address.ts';
import { addressAt, readAddress } from './address.ts';
import { Silence } from './silence.ts';

/** Milliseconds for which a host is asked whether it is the one: all at once, so that a dead one costs no more. */
const ASK = 1_000;
/** Milliseconds for which its answer counts, so that a burst of connections asks once. */
const REMEMBER = 1_000;

type Host = Address['hosts'][number];

/**
 * What pg's clients and pools are given to reach a server. An address of several hosts, or one that wants a server which
 * can be written, is what libpq understands and pg does not: then each new connection goes to the first host that fits.
 * Of all that one process opens to a server that says nothing, one connection waits for it (see silence.ts).
 */
export function reach(url: string): { connectionString: string; Client?: typeof pg.Client } {
  const address = readAddress(url);
  const [first] = address?.hosts ?? [];
  if (!address || !first) return { connectionString: url };
  const simple = address.hosts.length === 1 && !address.writable;
  const connectionString = simple ? url : addressAt(address, first);
  const Straight = simple ? pg.Client : finding(finderOf(address));
  const open = (milliseconds: number) =>
    new Straight({ connectionString, application_name: 'parley-silence', connectionTimeoutMillis: milliseconds });
  const silence = silences.get(url) ?? new Silence(open);
  silences.set(url, silence);
  return { connectionString, Client: connecting(Straight, (connect) => silence.connect(connect)) };
}

/** By address: all that one process opens to a server shares what is known of it. */
const silences = new Map<string, Silence>();

/** A single connection to it. */
export function clientTo(url: string, config: pg.ClientConfig = {}): pg.Client {
  const { connectionString, Client = pg.Client } = reach(url);
  return new Client({ ...config, connectionString });
}

/** A client that goes to the host which is found when it connects. */
function finding(find: () => Promise<Host>): typeof pg.Client {
  return connecting(pg.Client, async (connect, client) => {
    const { host, port } = await find();
    // The name is also what a certificate is checked against.
    Object.assign(client, { host, port });
    return connect();
  });
}

type Connect = () => Promise<pg.Client>;

/** pg connects with a callback or with a promise: one way around both. */
function connecting(
  Base: typeof pg.Client,
  around: (connect: Connect, client: pg.Client) => Promise<pg.Client>,
): typeof pg.Client {
  return class extends Base {
    override connect(): Promise<pg.Client>;
    override connect(callback: (error: Error) => void): void;
    override connect(callback?: (error: Error) => void): Promise<pg.Client> | undefined {
      const connected = around(() => super.connect() as unknown as Promise<pg.Client>, this);
      if (!callback) return connected;
      connected.then(() => callback(null as unknown as Error), callback);
      return undefined;
    }
  };
}

function finderOf(address: Address): () => Promise<Host> {
  let found: { host: Promise<Host>; at: number } | null = null;
  return () => {
    if (!found || performance.now() - found.at > REMEMBER) {
      const host = firstThatFits(address);
      found = { host, at: performance.now() };
      host.catch(() => {
        found = null;
      });
    }
    return found.host;
  };
}

/** @throws the fault of the first host when none fits */
async function firstThatFits(address: Address): Promise<Host> {
  const asked = address.hosts.map((host) => ask(address, host));
  const faults: unknown[] = [];
  for (const [index, answer] of asked.entries()) {
    const fault = await answer;
    const host = address.hosts[index];
    if (!fault && host) return host;
    faults.push(fault);
  }
  throw faults[0];
}

/** @returns why this host does not do; null when it does */
async function ask(address: Address, host: Host): Promise<unknown> {
  const client = new pg.Client({
    connectionString: addressAt(address, host),
    application_name: 'parley-host',
    connectionTimeoutMillis: ASK,
    query_timeout: ASK,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    if (!address.writable) return null;
    const { rows } = await client.query(`select current_setting('transaction_read_only') = 'on' as reads_only`);
    return rows[0]?.reads_only
      ? Object.assign(new Error(`${host.host}:${host.port} cannot be written`), { code: '57P03' })
      : null;
  } catch (error) {
    return error;
  } finally {
    await client.end().catch(() => undefined);
  }
}
