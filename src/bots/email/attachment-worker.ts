import { parentPort, workerData } from 'node:worker_threads';
import { attachmentsOf } from './attachments.ts';

// Parsers of mail can be made to work for minutes on a few megabytes. This thread can be ended; the process cannot.
const { raw, number } = workerData as { raw: Uint8Array; number: number };
parentPort?.postMessage((await attachmentsOf(raw))[number - 1] ?? null);
