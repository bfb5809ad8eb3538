import type { AccountTyped, Proof, ProvingTools } from '../../core/kernel/account-form.ts';
import type { Block } from '../../core/kernel/card.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import { stripeClient } from './client.ts';
import { StripeCredentials } from './credentials.ts';
import { refusalOf } from './patience.ts';
import { KNOWN } from './payload.ts';

/** Asks Stripe whose key it is, and whether it may make links: a key that works is the proof that the account is theirs. */
export async function proveAccount(typed: AccountTyped, tools: ProvingTools): Promise<Proof<StripeCredentials>> {
  const { key = '', webhookSecret, name } = typed;
  const found = await signIn(key, tools);
  const before = StripeCredentials.safeParse(await tools.credentialsOf(found.account)).data;
  const secret = webhookSecret ?? before?.webhookSecret ?? null;
  return {
    account: found.account,
    name: name ?? found.name,
    credentials: { account: found.account, key, webhookSecret: secret },
    told: webhookIn(`${tools.publicUrl}/webhooks/stripe/${found.account}`, secret !== null),
  };
}

/** What is typed into Stripe, so that it tells of payments at once. */
function webhookIn(url: string, isSecretKnown: boolean): Block[] {
  const text = isSecretKnown
    ? 'Stripe tells of payments at once, if it has a webhook for this address with these events.'
    : 'So that Stripe tells of payments at once, add a webhook there (Developers, Webhooks) for this address with these events. Then press “Reconnect” here, and type the key and the signing secret that Stripe shows. Until then Parley asks every ten minutes.';
  return [
    { kind: 'text', text },
    { kind: 'facts', facts: [{ label: 'URL', value: url }] },
    { kind: 'list', title: 'Events', items: KNOWN.map((event) => ({ text: event })) },
  ];
}

async function signIn(
  key: string,
  { clock, egress, api }: ProvingTools,
): Promise<{ account: string; name: string | null }> {
  const { stripe, ask, close } = stripeClient({ key, egress, api }, clock);
  try {
    const account = await ask(() => stripe.accounts.retrieveCurrent());
    // What it will do all day, asked without changing anything.
    await ask(() => stripe.checkout.sessions.list({ limit: 1 }));
    return { account: account.id, name: account.settings?.dashboard?.display_name || null };
  } catch (error) {
    throw faultOf(error);
  } finally {
    close();
  }
}

/** What Stripe answered, as a sentence beside the field that mends it. Nothing that it wrote is repeated. */
function faultOf(error: unknown): DomainError {
  const { statusCode } = error as { statusCode?: number };
  if (statusCode === 401) return besideKey('is not accepted by Stripe. Copy the whole of it, or make a new one.');
  if (refusalOf(error))
    return besideKey(
      'may not read the account and its Checkout sessions. Give it the permissions that the manual names.',
    );
  return besideKey('cannot be tried now, because Stripe gives no answer. Try again in a minute.');
}

function besideKey(say: string): DomainError {
  return new DomainError('invalid', say, { fields: { key: say } });
}
