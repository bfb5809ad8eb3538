import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Postgres } from '../../testing/postgres.ts';
import { serverPrograms, startPostgres } from '../../testing/postgres.ts';
import { reach } from './hosts.ts';

/** Takes connections and says nothing, as a frozen server does; answers with PostgreSQL's refusal once it speaks. */
let mute: Server;
let sockets: Socket[];
let speaks: boolean;

beforeEach(async () => {
  sockets = [];
  speaks = false;
  mute = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    if (speaks) refuse(socket);
  });
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => mute.close(resolve));
});

/** https://www.postgresql.org/docs/current/protocol-message-formats.html, ErrorResponse */
function refuse(socket: Socket): void {
  const fields = Buffer.from('SFATAL\0C57P03\0Mthe database system is starting up\0\0');
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  socket.end(Buffer.concat([head, fields]));
}

function poolTo(server: Server): pg.Pool {
  const { port } = server.address() as { port: number };
  return new pg.Pool({ ...reach(`postgres://ann@127.0.0.1:${port}/parley`), max: 12, connectionTimeoutMillis: 1_000 });
}

/** Until the one connection that waits for all has come, after the one that was given up. */
async function oneWaits(): Promise<void> {
  while (sockets.length < 2) await sleep(5);
}

async function asked(pool: pg.Pool): Promise<{ code: string; took: number }> {
  const started = performance.now();
  const code = await pool.query('select 1').then(
    () => 'answered',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
  return { code, took: performance.now() - started };
}

test('while a server says nothing one connection waits for it, and whoever comes is refused soon', async () => {
  const pool = poolTo(mute);
  expect((await asked(pool)).code).toMatch(/timeout/);
  await oneWaits();
  const refused = await Promise.all(Array.from({ length: 12 }, () => asked(pool)));

  expect(refused.map(({ code }) => code)).toEqual(Array(12).fill('ETIMEDOUT'));
  expect(Math.min(...refused.map(({ took }) => took))).toBeLessThan(900);
  expect(sockets.length).toBe(2);
  await pool.end();
});

test('as soon as the one that waits is answered, whoever waited along with it is let through', async () => {
  const pool = poolTo(mute);
  await asked(pool);
  await oneWaits();
  speaks = true;
  const waiting = asked(pool);
  await sleep(5);
  const [, one] = sockets;
  if (one) refuse(one);

  // Not ETIMEDOUT: the server itself says why it takes nobody yet.
  expect(await waiting).toMatchObject({ code: '57P03' });
  expect(await asked(pool)).toMatchObject({ code: '57P03' });
  await pool.end();
});

test('where nobody comes, nobody waits for it any longer', async () => {
  const pool = poolTo(mute);
  await asked(pool);
  await oneWaits();
  await sleep(6_000);
  expect(sockets.length).toBe(2);
  speaks = true;

  expect(await asked(pool)).toMatchObject({ code: '57P03' });
  await pool.end();
}, 15_000);

test('a server that refuses at once is asked again by everybody', async () => {
  speaks = true;
  const pool = poolTo(mute);
  const answers = await Promise.all([asked(pool), asked(pool), asked(pool)]);

  expect(answers.map(({ code }) => code)).toEqual(['57P03', '57P03', '57P03']);
  expect(sockets.length).toBe(3);
  await pool.end();
});

const programs = await serverPrograms().catch((error: Error) => {
  console.log(`silence: not run. ${error.message}`);
  return null;
});

(programs ? test : test.skip)(
  'a server that was frozen lets in those who come as it is thawed',
  async () => {
    const server: Postgres = await startPostgres();
    const pool = new pg.Pool({ ...reach(server.url), max: 4, connectionTimeoutMillis: 1_000 });
    try {
      await server.freeze();
      expect((await asked(pool)).code).toMatch(/timeout/);
      expect((await asked(pool)).code).toBe('ETIMEDOUT');
      await server.thaw();

      // Whoever comes is let in as soon as the one that waited is: on a busy machine that takes more than one of them has patience for.
      const codes: string[] = [];
      for (const end = Date.now() + 10_000; codes.at(-1) !== 'answered' && Date.now() < end; )
        codes.push((await asked(pool)).code);
      expect([codes.at(-1), codes.filter((code) => !['answered', 'ETIMEDOUT'].includes(code))]).toEqual([
        'answered',
        [],
      ]);
    } finally {
      await pool.end();
      await server.stop();
    }
  },
  30_000,
);
