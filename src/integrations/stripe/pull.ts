import { z } from 'zod';
import type { Delivery } from '../../core/kernel/inbox.ts';
import type { Connection } from '../connector.ts';
import type { StripeAccount } from './account.ts';
import { KNOWN, readStripeEvent } from './payload.ts';

/** How far the first look goes back. */
const FIRST_SECONDS = 24 * 60 * 60;
/** Events may be listed some time after they happened: looks overlap by this much. */
const OVERLAP_SECONDS = 5 * 60;
/** Stripe keeps events for thirty days. */
const LONGEST_SECONDS = 29 * 24 * 60 * 60;
const PAGE = 100;

const Cursor = z.object({ at: z.number() });

/** What happened since the last look, as the webhooks that should have told of it: the same events, under the same ids. */
export async function pullEvents(
  { client }: StripeAccount,
  { account }: Connection,
  cursor: unknown,
  now: Date,
): Promise<{ deliveries: Delivery[]; cursor: unknown }> {
  const seconds = Math.floor(now.getTime() / 1000);
  const last = Cursor.safeParse(cursor).data?.at;
  const from =
    last === undefined ? seconds - FIRST_SECONDS : Math.max(last - OVERLAP_SECONDS, seconds - LONGEST_SECONDS);
  const deliveries: Delivery[] = [];
  let after: string | undefined;
  do {
    const asked = {
      types: [...KNOWN],
      created: { gte: from },
      limit: PAGE,
      ...(after ? { starting_after: after } : {}),
    };
    const page = await client.ask(() => client.stripe.events.list(asked));
    deliveries.push(...page.data.flatMap((event) => asWebhook(account, event)));
    after = page.has_more ? page.data.at(-1)?.id : undefined;
  } while (after);
  // Stripe lists the newest first.
  return { deliveries: deliveries.reverse(), cursor: { at: seconds } };
}

function asWebhook(account: string, event: object): Delivery[] {
  const body = Buffer.from(JSON.stringify(event));
  const read = readStripeEvent(body);
  if (!read) return [];
  const headers = { 'x-parley-found': 'by looking' };
  return [{ source: 'stripe', account, deliveryId: read.id, kind: read.type, headers, body }];
}
