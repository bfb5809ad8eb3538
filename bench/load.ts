/**
 * The load generator, a process of its own: requests are signed before the clock starts and written to plain sockets, so
 * that it takes little of the machine; what it takes is reported. Each connection sends its next request when the answer
 * to the last one is complete.
 */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from './numbers.ts';

/** A request ready for the wire, and the name under which its acknowledgement is remembered. */
export interface Signed {
  id: string;
  bytes: Buffer;
}

/** What a module of requests exports as `sign`. */
export type Sign = (params: Record<string, string>, count: number) => Signed[];

export interface LoadOrder {
  /** Path of the module that signs. */
  requests: string;
  params: Record<string, string>;
  port: number;
  connections: number;
  seconds: number;
  /** How many requests to sign; the run ends early when they are used up. */
  prepare: number;
}

export interface LoadResult {
  /** Requests answered with 2xx. */
  acknowledged: string[];
  /** Requests answered otherwise, or not at all, by status ('lost' without one). */
  others: Record<string, number>;
  /** An example of an answer that was not 2xx. */
  complaint: string | null;
  seconds: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** CPU the generator used while it sent. */
  cpuMs: number;
}

process.on('message', (order: LoadOrder) => {
  run(order).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});

async function run(order: LoadOrder): Promise<LoadResult> {
  const { sign } = (await import(order.requests)) as { sign: Sign };
  const requests = sign(order.params, order.prepare);
  const times: number[] = [];
  const result: LoadResult = { acknowledged: [], others: {}, complaint: null, seconds: 0, p50: 0, p99: 0, cpuMs: 0 };
  const cpu = process.cpuUsage();
  const started = performance.now();
  const until = started + order.seconds * 1000;
  let next = 0;

  const worker = async () => {
    let socket: Line | null = null;
    while (performance.now() < until) {
      const request = requests[next];
      next += 1;
      if (!request) break;
      const sent = performance.now();
      try {
        socket ??= await open(order.port);
        const answer = await socket.ask(request.bytes);
        if (answer.status >= 200 && answer.status < 300) {
          times.push(performance.now() - sent);
          result.acknowledged.push(request.id);
        } else {
          result.others[answer.status] = (result.others[answer.status] ?? 0) + 1;
          result.complaint ??= answer.text;
        }
      } catch {
        // The server went away: what was on its way got no answer. It will be back.
        result.others.lost = (result.others.lost ?? 0) + 1;
        socket = null;
        await sleep(50);
      }
    }
    socket?.close();
  };
  await Promise.all(Array.from({ length: order.connections }, worker));

  const used = process.cpuUsage(cpu);
  result.seconds = (performance.now() - started) / 1000;
  result.cpuMs = (used.user + used.system) / 1000;
  result.p50 = percentile(times, 50);
  result.p99 = percentile(times, 99);
  return result;
}

interface Line {
  ask(request: Buffer): Promise<{ status: number; text: string }>;
  close(): void;
}

/** A keep-alive connection that reads just enough of HTTP/1.1 to know where an answer ends. */
async function open(port: number): Promise<Line> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  let text = '';
  let waiting: { answer(answer: { status: number; text: string }): void; fail(error: Error): void } | null = null;
  const fail = (error: Error) => {
    waiting?.fail(error);
    waiting = null;
  };
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    if (!isComplete(text)) return;
    const answer = { status: Number(text.slice(9, 12)), text };
    text = '';
    waiting?.answer(answer);
    waiting = null;
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('closed')));
  return {
    ask: (request) =>
      new Promise((answer, reject) => {
        if (socket.destroyed) return reject(new Error('closed'));
        waiting = { answer, fail: reject };
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

function isComplete(text: string): boolean {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head + 2));
  if (length) return text.length >= head + 4 + Number(length[1]);
  // Without a length it is chunked; the last chunk is empty. A 204 has neither.
  return text.slice(9, 12) === '204' || text.endsWith('\r\n0\r\n\r\n');
}
