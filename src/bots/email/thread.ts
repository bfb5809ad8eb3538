import { Worker } from 'node:worker_threads';

/** The first message of such a thread: it has loaded what it needs, and what is sent to it is worked now. */
export const LOADED = 'loaded';

/** Milliseconds that a thread may take to load our own code: a busy machine needs seconds, and no mail is to blame. */
const LOADING = 30_000;

/**
 * A thread in which foreign mails are taken apart, with little memory and no environment. It has loaded its code when it is
 * given out, so that the time a mail is given is the mail's own.
 * @throws Error when it cannot be started: the mail may be tried again
 */
export async function startThread(module: URL, milliseconds: number = LOADING): Promise<Worker> {
  const resourceLimits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 64 };
  const worker = new Worker(module, { env: {}, resourceLimits });
  // Whoever waits for it hears of its death; without a listener it would be the process's.
  worker.on('error', () => undefined);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const late = setTimeout(
    () => reject(new Error(`the reader of mails did not start within ${milliseconds} ms`)),
    milliseconds,
  );
  const onExit = () => reject(new Error('the reader of mails could not be started'));
  worker.once('message', () => resolve()).once('exit', onExit);
  try {
    await promise;
    return worker;
  } catch (error) {
    void worker.terminate();
    throw error;
  } finally {
    clearTimeout(late);
    worker.off('exit', onExit);
  }
}
