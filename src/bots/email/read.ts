import type { Worker } from 'node:worker_threads';
import type { CameWith } from '../files.ts';
import type { Folded } from './fold.ts';
import { foldByLines } from './fold.ts';
import { LIMITS } from './limits.ts';
import { startThread } from './thread.ts';

/** What the MIME parser found in a mail. */
export interface Opened {
  subject: string;
  text: string;
  /** What its HTML holds and nobody can see. */
  unseen: string;
  /** The attached files; pictures inside the text are not among them. */
  files: CameWith['list'];
  /** The machine-readable part of a bounce (RFC 3464). */
  deliveryStatus: string | null;
}

export type ReadMail = Omit<Opened, 'unseen'> & Folded;

export interface ToWorker {
  id: number;
  raw: Uint8Array;
}

export type FromWorker = { id: number } & (
  | { step: 'opened'; mail: Opened }
  | { step: 'folded'; folded: Folded }
  | { step: 'failed'; reason: string }
);

/** A mail that no time or memory we give is enough for, or that is no mail. It is kept and shown, not worked. */
export class UnreadableMail extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'UnreadableMail';
  }
}

/** @throws UnreadableMail; another Error when it could not be tried at all */
export type MailReader = (raw: Uint8Array) => Promise<ReadMail>;

/** Milliseconds after which a thread that has nothing to read is ended, to give back its memory. */
const IDLE = 30_000;

/** How long one mail may take, in milliseconds: to be taken apart, and then to be folded. */
interface Patience {
  readMilliseconds: number;
  foldMilliseconds: number;
}

/** Reads mails one after the other in a thread of their own, which is ended when it takes too much. */
export function openReader(patience: Patience = LIMITS): MailReader {
  const thread = new ReaderThread(patience);
  let last: Promise<unknown> = Promise.resolve();
  return (raw) => {
    const reading = last.then(() => thread.read(raw));
    last = reading.catch(() => undefined);
    return reading;
  };
}

class ReaderThread {
  private worker: Worker | null = null;
  private idle: NodeJS.Timeout | undefined;
  private count = 0;
  private readonly patience: Patience;

  constructor(patience: Patience) {
    this.patience = patience;
  }

  async read(raw: Uint8Array): Promise<ReadMail> {
    clearTimeout(this.idle);
    this.worker ??= await this.start();
    try {
      this.count += 1;
      const mail = { id: this.count, raw: Uint8Array.from(raw) };
      return await readIn(this.worker, mail, this.patience, () => this.end());
    } finally {
      this.idle = setTimeout(() => this.end(), IDLE).unref();
    }
  }

  /** The next mail gets a thread of its own, however long this one takes to die. */
  private end(): void {
    void this.worker?.terminate();
    this.worker = null;
  }

  private async start(): Promise<Worker> {
    const worker = await startThread(new URL('./read-worker.ts', import.meta.url));
    worker.unref();
    return worker.once('exit', () => {
      if (this.worker === worker) this.worker = null;
    });
  }
}

/** What nobody can see is kept with what is folded. */
function readMailOf({ unseen, ...opened }: Opened, folded: Folded): ReadMail {
  const quoted = [folded.quoted, ...(unseen ? [`[Not visible in the mail:]\n${unseen}`] : [])]
    .filter(Boolean)
    .join('\n\n');
  return { ...opened, ...folded, quoted };
}

/** One mail: first its parts, then (if it comes in time) its text folded by the parser. */
async function readIn(worker: Worker, mail: ToWorker, patience: Patience, end: () => void): Promise<ReadMail> {
  let opened: Opened | null = null;
  const { promise, resolve, reject } = Promise.withResolvers<ReadMail>();
  const giveUp = (reason: string) => {
    if (opened) resolve(readMailOf(opened, { ...foldByLines(opened.text), clear: false }));
    else reject(new UnreadableMail(reason));
  };
  const stop = () => {
    giveUp(`it could not be read within ${patience.readMilliseconds} ms`);
    end();
  };
  const onError = (error: Error) => giveUp(error.message);
  const onExit = () => giveUp('its reader was ended');
  let deadline = setTimeout(stop, patience.readMilliseconds);
  const onMessage = (message: FromWorker) => {
    if (message.id !== mail.id) return;
    if (message.step === 'failed') reject(new UnreadableMail(message.reason));
    if (message.step === 'folded' && opened) resolve(readMailOf(opened, message.folded));
    if (message.step !== 'opened') return;
    opened = message.mail;
    clearTimeout(deadline);
    deadline = setTimeout(stop, patience.foldMilliseconds);
  };
  worker.on('message', onMessage).once('error', onError).once('exit', onExit);
  worker.postMessage(mail, [mail.raw.buffer as ArrayBuffer]);
  try {
    return await promise;
  } finally {
    clearTimeout(deadline);
    worker.off('message', onMessage).off('error', onError).off('exit', onExit);
  }
}
