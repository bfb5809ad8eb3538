import { Stripe } from 'stripe';
import type { EventShape } from './shapes.ts';

interface Sent {
  body: string;
  type: string;
  /** Answers of the hub, oldest first; 0 when none came. */
  answers: number[];
}

export interface SenderSettings {
  /** Where the webhook leads; '' when there is none. */
  url: string;
  secret: string;
  now(): number;
  /** Milliseconds between tries. */
  retryPauses: readonly number[];
}

/**
 * Sends webhooks one after the other, signed by the package's own function for it, and repeats those that were not taken. It can
 * hold them back, mix their order, repeat them or lose some.
 */
export class WebhookSender {
  readonly settings: SenderSettings;
  readonly sent: Sent[] = [];
  private readonly queue: Sent[] = [];
  private held = false;
  private losing = 0;
  private working: Promise<void> | null = null;
  private stopped = false;

  constructor(settings: SenderSettings) {
    this.settings = settings;
  }

  send(event: EventShape): void {
    if (!this.settings.url) return;
    const sent: Sent = { body: JSON.stringify(event), type: event.type, answers: [] };
    this.sent.push(sent);
    if (this.losing > 0) {
      this.losing -= 1;
      return;
    }
    this.queue.push(sent);
    this.start();
  }

  hold(): void {
    this.held = true;
  }

  release(reorder: (waiting: Sent[]) => Sent[] = (waiting) => waiting): void {
    this.held = false;
    this.queue.splice(0, this.queue.length, ...reorder([...this.queue]));
    this.start();
  }

  resend(count: number): void {
    this.queue.push(...this.sent.slice(-count));
    this.start();
  }

  lose(count: number): void {
    this.losing += count;
  }

  /** Resolves when nothing is on its way; what is held back does not count. */
  async settled(): Promise<void> {
    while (this.working !== null) await this.working;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.settled();
  }

  private start(): void {
    this.working ??= this.drain().finally(() => {
      this.working = null;
      if (this.queue.length && !this.held && !this.stopped) this.start();
    });
  }

  private async drain(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.queue.length && !this.held && !this.stopped) {
      const sent = this.queue.shift();
      if (sent) await this.deliver(sent);
    }
  }

  /** Stripe repeats whatever was not answered with 2xx, each time signed anew. */
  private async deliver(sent: Sent): Promise<void> {
    for (const pause of [0, ...this.settings.retryPauses]) {
      if (this.stopped) return;
      if (pause) await new Promise((resolve) => setTimeout(resolve, pause));
      const status = await post(this.settings.url, sent.body, signed(sent.body, this.settings));
      sent.answers.push(status);
      if (status >= 200 && status < 300) return;
    }
  }
}

/** The header with which Stripe signs a webhook. */
export function signed(body: string, { secret, now }: Pick<SenderSettings, 'secret' | 'now'>): string {
  return Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: Math.floor(now() / 1000) });
}

async function post(url: string, body: string, signature: string): Promise<number> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0',
        'stripe-signature': signature,
      },
      body,
      signal: AbortSignal.timeout(20_000),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    // No answer is a result here, and Stripe repeats it.
    return 0;
  }
}
