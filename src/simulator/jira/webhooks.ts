import { createHmac, randomUUID } from 'node:crypto';
import type { Addressee } from './app-hooks.ts';

/** How a webhook fared. */
export interface Sent {
  id: string;
  event: string;
  body: string;
  /** Answers of the hub, oldest first; 0 when none came. */
  answers: number[];
  state: 'waiting' | 'delivered' | 'refused' | 'given up' | 'never sent';
}

export interface SenderSettings {
  /** Where the webhook of an administrator leads; '' when there is none. */
  url: string;
  secret: string;
  /** Pauses between tries in milliseconds; Jira waits 5 to 15 minutes, which nobody watches. */
  retryPauses: number[];
  /** Where the webhooks lead that apps registered for this event. */
  addressees(event: string): Addressee[];
}

/** What Jira repeats: https://developer.atlassian.com/cloud/jira/platform/webhooks/#retry-policy */
const REPEATED = new Set([0, 408, 409, 425, 429]);

/**
 * Sends webhooks one after the other, signed as Jira signs them, and repeats those that were not taken.
 * It can hold them back, mix their order, repeat them or lose some: what networks and Jira do now and then.
 */
export class WebhookSender {
  readonly settings: SenderSettings;
  readonly sent: Sent[] = [];
  private readonly addressed = new Map<string, Addressee>();
  private readonly queue: Sent[] = [];
  private held = false;
  private losing = 0;
  private working: Promise<void> | null = null;
  private stopped = false;
  private readonly pausing = new Set<() => void>();
  private readonly onChange: () => void;

  constructor(settings: SenderSettings, onChange: () => void) {
    this.settings = settings;
    this.onChange = onChange;
  }

  send(payload: { webhookEvent: string; [more: string]: unknown }): void {
    if (this.settings.url) this.queueOne(payload);
    for (const to of this.settings.addressees(payload.webhookEvent)) this.queueOne({ ...payload, ...to.more }, to);
  }

  private queueOne(payload: { webhookEvent: string }, to?: Addressee): void {
    const sent: Sent = {
      id: randomUUID(),
      event: payload.webhookEvent,
      body: JSON.stringify(payload),
      answers: [],
      state: 'waiting',
    };
    if (to) this.addressed.set(sent.id, to);
    this.sent.push(sent);
    if (this.losing > 0) {
      this.losing -= 1;
      sent.state = 'never sent';
    } else {
      this.queue.push(sent);
      this.start();
    }
    this.onChange();
  }

  /** Keeps webhooks back until `release`. */
  hold(): void {
    this.held = true;
  }

  /** Sends what was held back, in the order that `reorder` gives it. */
  release(reorder: (waiting: Sent[]) => Sent[] = (waiting) => waiting): void {
    this.held = false;
    this.queue.splice(0, this.queue.length, ...reorder([...this.queue]));
    this.start();
  }

  /** Sends the last n webhooks once more, with the same body and identifier, as Jira does when an answer got lost. */
  resend(n: number): void {
    this.queue.push(...this.sent.slice(-n));
    this.start();
  }

  /** The next n webhooks are never delivered. */
  lose(n: number): void {
    this.losing += n;
  }

  /** Resolves when nothing is on its way; what is held back does not count. */
  async settled(): Promise<void> {
    while (this.working !== null) await this.working;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const wake of this.pausing) wake();
    await this.settled();
  }

  private start(): void {
    this.working ??= this.drain().finally(() => {
      this.working = null;
      if (this.queue.length && !this.held && !this.stopped) this.start();
    });
  }

  private async drain(): Promise<void> {
    // One turn later, so that the request that caused a webhook is answered before it, most of the time.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.queue.length && !this.held && !this.stopped) {
      const sent = this.queue.shift();
      if (sent) await this.deliver(sent);
    }
  }

  private async deliver(sent: Sent): Promise<void> {
    for (let retry = 0; !this.stopped; retry += 1) {
      const status = await this.post(sent, retry);
      sent.answers.push(status);
      const repeat = REPEATED.has(status) || status >= 500;
      const pause = this.settings.retryPauses[retry];
      sent.state = !repeat ? (status < 300 ? 'delivered' : 'refused') : pause === undefined ? 'given up' : 'waiting';
      this.onChange();
      if (sent.state !== 'waiting' || pause === undefined) return;
      await this.pause(pause);
    }
  }

  private async post({ id, body }: Sent, retry: number): Promise<number> {
    const to = this.addressed.get(id);
    try {
      const response = await fetch(to?.url ?? this.settings.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=UTF-8',
          'user-agent': 'Atlassian Webhook HTTP Client',
          ...(to?.headers() ?? this.signed(body)),
          'x-atlassian-webhook-identifier': id,
          ...(retry ? { 'x-atlassian-webhook-retry': String(retry) } : {}),
        },
        body,
        signal: AbortSignal.timeout(20_000),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      // No connection or no answer: that is a result here, and Jira repeats it.
      return 0;
    }
  }

  private signed(body: string): Record<string, string> {
    const signature = createHmac('sha256', this.settings.secret).update(body).digest('hex');
    return { 'x-hub-signature': `sha256=${signature}` };
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.pausing.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.pausing.add(wake);
    });
  }
}
