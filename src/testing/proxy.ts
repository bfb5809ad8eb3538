import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** A wire between a client and a PostgreSQL server that can be cut. */
export interface Wire {
  /** The connection string of the server, by way of the proxy. */
  url: string;
  /**
   * From now on a connection that asks for a commit is cut as soon as the server has answered: it is committed, and
   * the client never hears of it.
   * @param more whether the server can be reached again afterwards
   */
  cutAtCommit(more: { again: boolean }): void;
  /** Lets everything through again. */
  mend(): void;
  stop(): Promise<void>;
}

/** Starts a proxy in front of the server of this connection string. */
export async function startProxy(serverUrl: string): Promise<Wire> {
  const { hostname, port } = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let cut: 'no' | 'once' | 'for good' | 'off' = 'no';
  const server = createServer((client) => {
    if (cut === 'off') return client.destroy();
    const upstream = connect(Number(port), hostname);
    const both = [client, upstream];
    for (const socket of both) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        for (const one of both) one.destroy();
        sockets.delete(socket);
      });
    }
    let doomed = false;
    client.on('data', (data) => {
      // The client prepares it once per connection and names it from then on.
      if ((cut === 'once' || cut === 'for good') && data.includes('commit')) {
        doomed = true;
        cut = cut === 'once' ? 'no' : 'off';
      }
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (doomed) client.destroy();
      else client.write(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: Object.assign(new URL(serverUrl), {
      port: String(typeof address === 'object' && address ? address.port : 0),
    }).toString(),
    cutAtCommit: ({ again }) => {
      cut = again ? 'once' : 'for good';
    },
    mend: () => {
      cut = 'no';
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
