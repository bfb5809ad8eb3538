import { createServer } from 'node:net';

/** From here on, and so many: below those that systems give to outgoing connections, which could take one before it is used. */
const [FIRST, COUNT] = [20_000, 10_000];

/** A port of this machine on which nobody listens. */
export async function freePort(): Promise<number> {
  const port = FIRST + Math.floor(Math.random() * COUNT);
  return (await isFree(port)) ? port : freePort();
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
