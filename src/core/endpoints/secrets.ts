import type { Context } from '../kernel/context.ts';
import type { ShownOnce } from '../kernel/event.ts';
import { makeWebhookSecret, sealWebhookSecret } from '../kernel/webhook-secret.ts';
import type { Endpoint } from './schema.ts';

/** Hours for which the secret before signs beside a new one: time to bring it to the receiver. */
export const OVERLAP_HOURS = 24;

/** Makes the secret of an endpoint, and shows it once. The one before signs beside it for a day. */
export async function newSecret(context: Context, { id: endpoint, name }: Endpoint): Promise<ShownOnce> {
  const { sql, now, newId } = context;
  const [id, secret] = [newId(), makeWebhookSecret()];
  const sealed = await sealWebhookSecret(context, { endpoint, id, secret });
  const ends = new Date(now.getTime() + OVERLAP_HOURS * 3_600_000);
  await sql`select parley_keep_endpoint_secret(${endpoint}, ${id}, ${sealed}, ${now}, ${ends})`;
  return {
    label: `The secret of “${name}”`,
    text: secret,
    note: 'It is shown this once. With it the receiver checks that a webhook is Parley’s: put it where your program finds it, and nowhere else.',
  };
}
