import { randomBytes } from 'node:crypto';
import type { Signed } from '../load.ts';

/** Somebody's token, and the projects for which they file. */
export interface Sender {
  token: string;
  projects: readonly string[];
}

/** Bugs to file, each with a key of idempotency of its own, by the senders in turn: the same bytes to whomever they are sent. */
export function sign(params: Record<string, string>, count: number): Signed[] {
  const { path = '', senders: json = '' } = params;
  const senders = JSON.parse(json) as Sender[];
  const run = randomBytes(4).toString('hex');
  return Array.from({ length: count }, (_, index) => {
    const { token, projects } = senders[index % senders.length] as Sender;
    const project = projects[Math.floor(index / senders.length) % projects.length] as string;
    const id = `${run}-${index}`;
    return { id, bytes: request(path, token, id, JSON.stringify(bug(project))) };
  });
}

function request(path: string, token: string, id: string, body: string): Buffer {
  return Buffer.from(
    [
      `POST ${path} HTTP/1.1`,
      'Host: 127.0.0.1',
      'User-Agent: bench',
      'Accept: application/json',
      `Authorization: Bearer ${token}`,
      `Idempotency-Key: ${id}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}

function bug(project: string): object {
  return {
    project,
    title: 'The pay button does nothing',
    description: 'I press it on the second page of the checkout, and nothing happens, not even an error.',
    steps: '1. Put something into the basket\n2. Go to the checkout\n3. Press "Pay"',
    expected: 'The page of the bank opens.',
    priority: 'normal',
  };
}
