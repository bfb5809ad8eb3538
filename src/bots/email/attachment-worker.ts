import { parentPort } from 'node:worker_threads';
import type { FileWanted } from './attachments.ts';
import { attachmentsOf } from './attachments.ts';
import { LOADED } from './thread.ts';

// Parsers of mail can be made to work for minutes on a few megabytes. This thread can be ended; the process cannot.
parentPort?.once('message', async ({ raw, number }: FileWanted) => {
  parentPort?.postMessage((await attachmentsOf(raw))[number - 1] ?? null);
});
parentPort?.postMessage(LOADED);
