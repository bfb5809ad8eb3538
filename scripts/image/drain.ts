import { once } from 'node:events';
import { connect } from 'node:net';

/** How many requests are under way when the signal comes, whose senders are slower than the signal. */
const SLOW = 20;
/** Milliseconds after the signal at which the slow senders send their last bytes. */
const LATE = 800;

/**
 * Stops a server while requests run: those it has begun to read are answered, and nothing is cut in the middle.
 * @param stop sends the signal and waits for the end
 * @throws Error with what was cut
 */
export async function drain<T>(url: string, stop: () => Promise<T>): Promise<{ value: T; answered: number }> {
  const slow = await Promise.all(Array.from({ length: SLOW }, () => slowRequest(url)));
  const steady = askOnAndOn(url);
  await new Promise((resolve) => setTimeout(resolve, 300));
  steady.signalled();
  const stopping = stop();
  await new Promise((resolve) => setTimeout(resolve, LATE));
  const late = await Promise.all(slow.map((finish) => finish()));
  const value = await stopping;
  const { answered, cut } = await steady.end();
  const unanswered = late.filter((status) => !/^HTTP\/1\.1 [2345]\d\d/.test(status));
  if (unanswered.length) throw new Error(`${unanswered.length} of ${SLOW} requests under way got no answer.`);
  if (cut.length) throw new Error(`${cut.length} requests were cut: ${cut[0]}`);
  return { value, answered: answered + late.length };
}

/** A form whose last bytes are still to come. @returns sends them, and gives the answer's first line */
async function slowRequest(url: string): Promise<() => Promise<string>> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined);
  const body = 'press=nothing';
  const type = 'application/x-www-form-urlencoded';
  socket.write(
    `POST /l/none HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
  );
  return async () => {
    socket.write(body);
    await ended;
    return answer.split('\r\n')[0] ?? '';
  };
}

/**
 * Asks again and again, each time over a connection of its own. What was asked before the signal must be answered; after
 * it the door may be found closed, but an answer that has begun must not break off.
 */
function askOnAndOn(url: string): { signalled(): void; end(): Promise<{ answered: number; cut: string[] }> } {
  let going = true;
  let stopping = false;
  let answered = 0;
  const cut: string[] = [];
  const ask = async () => {
    while (going) {
      const early = !stopping;
      let begun = false;
      try {
        const response = await fetch(`${url}/healthz`, { headers: { connection: 'close' } });
        begun = true;
        await response.text();
        answered += 1;
      } catch (error) {
        const { code = String(error) } = ((error as Error).cause ?? {}) as { code?: string };
        if (early || begun) cut.push(code);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
  const asking = Promise.all(Array.from({ length: 8 }, ask));
  return {
    signalled: () => {
      stopping = true;
    },
    end: async () => {
      going = false;
      await asking;
      return { answered, cut };
    },
  };
}
