import type { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { BankState } from './bank.ts';
import { Bank } from './bank.ts';
import type { Call, Fault, Route } from './faults.ts';
import { Faults } from './faults.ts';
import { hostedPages } from './page.ts';
import { stripeRoutes } from './routes.ts';
import type { EventShape } from './shapes.ts';
import { WebhookSender } from './webhooks.ts';

export interface StripeStandInOptions {
  port?: number;
  account: string;
  /** What the account is called. */
  name?: string;
  key: string;
  webhookSecret: string;
  /** Where its webhook leads; '' when there is none. */
  webhookUrl?: string;
  retryPauses?: readonly number[];
  now?: () => number;
}

/** A stand-in of Stripe on this machine: the API, pages to pay on, and signed webhooks. */
export interface StripeStandIn {
  url: string;
  account: string;
  bank: Bank;
  webhooks: WebhookSender;
  /** The API calls that came in. */
  calls: readonly Call[];
  failNext(route: Route | 'any', fault: Fault): void;
  snapshot(): BankState;
  restore(state: BankState): void;
  /** Emits 'change' whenever there is something new to keep. */
  changes: EventEmitter;
  stop(): Promise<void>;
}

const RETRY_PAUSES = [500, 2_000, 5_000];

/** Starts the stand-in on the loopback address. */
export async function startStripeStandIn(options: StripeStandInOptions): Promise<StripeStandIn> {
  const { account, name = 'Northwind Studio', key, webhookSecret, webhookUrl = '', now = Date.now } = options;
  const faults = new Faults();
  const sender = new WebhookSender({
    ...{ url: webhookUrl, secret: webhookSecret, now, retryPauses: options.retryPauses ?? RETRY_PAUSES },
  });
  let url = '';
  const bank = new Bank({ now, live: key.includes('_live_'), urlOf: (session) => `${url}/c/pay/${session}` });
  bank.changes.on('event', (event: EventShape) => sender.send(event));
  const web = express();
  // Lists are asked for by names like created[gte].
  web.set('query parser', 'extended');
  web.use(hostedPages(bank));
  web.use(stripeRoutes(bank, faults, { account, name, keys: () => [key] }));
  const server = await new Promise<Server>((resolve, reject) => {
    const listening = web.listen(options.port ?? 0, '127.0.0.1', (error?: Error) =>
      error ? reject(error) : resolve(listening),
    );
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ url, account, bank, webhooks: sender, calls: faults.calls },
    failNext: (route, fault) => faults.failNext(route, fault),
    snapshot: () => bank.snapshot(),
    restore: (state) => bank.restore(state),
    changes: bank.changes,
    stop: async () => {
      await sender.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
