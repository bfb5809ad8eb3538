import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web server of a test. */
export interface Listening {
  /** Without a slash at its end. */
  url: string;
  /** Ends what is under way as well. */
  stop(): Promise<void>;
}

/** Serves on a free port of this machine; an express app is such a listener. */
export async function listen(answer: RequestListener): Promise<Listening> {
  const server = createServer(answer);
  // Longer than any client keeps a connection: a machine that stalls would use one that was closed a moment ago.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
