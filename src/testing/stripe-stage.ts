import { egressOf } from '../core/kernel/egress.ts';
import { kind } from '../integrations/stripe/index.ts';
import { proveAccount } from '../integrations/stripe/prove.ts';
import type { StripeStandIn } from '../simulator/stripe/index.ts';
import { signed } from '../simulator/stripe/webhooks.ts';
import type { ConnectorStage, Standing } from './connector-contract.ts';
import { connectorFor, KEY, SECRET, startStripeHub, stripeFor } from './stripe-hub.ts';

const STANDINGS: Readonly<Record<string, Standing>> = {
  asked: 'waiting',
  open: 'waiting',
  processing: 'begun',
  paid: 'done',
};
const ROUTES = { making: 'create', reading: 'intent', any: 'any' } as const;

/** Stripe, as the contract of connectors acts on it: of a payment it holds the page to pay on. */
export async function stripeStage(): Promise<ConnectorStage> {
  const hub = await startStripeHub();
  const { stripe } = hub;
  const { bank, webhooks } = stripe;
  const only = (): never => {
    throw new Error('payments move in Stripe alone');
  };
  return {
    hub,
    entity: 'payment',
    events: { made: 'payment.asked', moved: 'payment.received' },
    make: async () => hub.asked((await hub.invoiced()).invoice),
    here: {
      ...{ move: only, refuse: only, say: only, said: only },
      standing: async (payment) => STANDINGS[String((await hub.payment(payment)).status)] ?? 'refused',
    },
    there: {
      copies: (payment) => copiesOn(stripe, payment),
      move: (payment, to) => {
        const page = hub.pageOf(payment);
        if (to === 'begun') bank.pay(page, 'bank');
        else if (bank.session(page).status === 'open') bank.pay(page, 'card');
        else bank.clear(page);
      },
      standing: (payment) => {
        const { status, paid } = bank.session(hub.pageOf(payment));
        return paid ? 'done' : status === 'complete' ? 'begun' : 'waiting';
      },
      ...{ say: only, said: only },
    },
    fail: (what, fault) => {
      if (what !== 'saying') stripe.failNext(ROUTES[what], fault);
    },
    calls: () => ({
      all: stripe.calls.length,
      changes: stripe.calls.filter(({ method }) => method !== 'GET').length,
    }),
    webhooks: {
      hold: () => webhooks.hold(),
      release: () => webhooks.release(),
      releaseBackwards: () => webhooks.release((waiting) => waiting.reverse()),
      resend: (count) => webhooks.resend(count),
      lose: (count) => webhooks.lose(count),
    },
    post: async (how) => {
      const event = { id: 'evt_unheardof', object: 'event', type: 'unheard.of', livemode: false, data: { object: {} } };
      const now = () => hub.app.clock.now().getTime();
      const body = JSON.stringify({ ...event, created: Math.floor(now() / 1000) });
      const secret = how === 'wrong' ? 'whsec_of_somebody_else' : SECRET;
      const headers = how === 'unsigned' ? {} : { 'stripe-signature': signed(body, { secret, now }) };
      const account = how === 'another account' ? 'acct_1Other' : stripe.account;
      return (await fetch(`${hub.url}/webhooks/stripe/${account}`, { method: 'POST', body, headers })).status;
    },
    another: async () => {
      const other = await stripeFor(hub.app, 'acct_1Other');
      const connector = await connectorFor(hub.app, other);
      const stop = async () => {
        await connector.close?.();
        await other.stop();
      };
      return { connector, copies: (payment) => copiesOn(other, payment), stop };
    },
    refused: () => connectorFor(hub.app, stripe, 'rk_test_not_the_key'),
    prove: (typed) => {
      const { clock } = hub.app;
      const tools = {
        clock,
        publicUrl: 'https://parley.example',
        credentialsOf: async () => null,
        egress: egressOf([]),
      };
      return proveAccount({ key: typed === 'right' ? KEY : 'rk_test_not_the_key' }, { ...tools, api: stripe.url });
    },
    refusal: (error) => kind.refusal?.(error) ?? null,
    close: () => hub.close(),
  };
}

function copiesOn({ bank }: StripeStandIn, payment: string): string[] {
  return [...bank.sessions.values()].filter(({ reference }) => reference === payment).map(({ id }) => id);
}
