import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { UnreadableMail } from './read.ts';
import { startThread } from './thread.ts';

test('a thread has loaded its code when it is given out: the first it says is about the mail', async () => {
  const worker = await startThread(new URL('./read-worker.ts', import.meta.url));
  const [first] = await Promise.all([
    once(worker, 'message'),
    worker.postMessage({ id: 1, raw: Buffer.from('Subject: hi\r\n\r\nhello') }),
  ]);
  await worker.terminate();

  expect(first).toMatchObject([{ id: 1, step: 'opened', mail: { subject: 'hi' } }]);
});

test('one that does not start in time is no mail’s fault, so that the mail is tried again', async () => {
  const error = await startThread(new URL('./read-worker.ts', import.meta.url), 1).catch((fault: unknown) => fault);

  expect(error).not.toBeInstanceOf(UnreadableMail);
  expect(error).toMatchObject({ message: 'the reader of mails did not start within 1 ms' });
});

test('nor is one that ends before it has started', async () => {
  await expect(startThread(new URL('./no-such-worker.ts', import.meta.url))).rejects.toThrow(
    'the reader of mails could not be started',
  );
});
