import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const tests = 'src/integrations/stripe/payments.test.ts';
const connecting = 'src/integrations/stripe/connect.test.ts';
const contract = 'src/integrations/stripe/connector.test.ts';
const RECEIVE = 'src/core/payments/receive-payment.ts';

/** What comes by a link to pay: noted once, never dropped, and only by Stripe's own word. */
export const PAYMENTS: readonly Mutant[] = [
  mutant(
    'another amount than was asked for is recorded',
    RECEIVE,
    'const placed: Placed = other ? { why: other } :',
    'const placed: Placed = other && false ? { why: other } :',
    tests,
  ),
  mutant(
    'more is paid online than is asked for by the invoice',
    'src/core/payments/pay-invoice.ts',
    'if (amount > due)',
    'if (amount > due + 1_000_000)',
    tests,
  ),
  mutant(
    'a payment for what is void is dropped',
    RECEIVE,
    "'why' in placed ? [kept.of(it, after, { reason: placed.why })] : placed.events",
    "'why' in placed ? [] : placed.events",
    tests,
  ),
  mutant(
    'a webhook of somebody else is believed',
    'src/integrations/stripe/signature.ts',
    '  } catch {\n    return false;',
    '  } catch {\n    return true;',
    tests,
    contract,
  ),
  mutant(
    'a page of somebody else pays our invoice',
    'src/integrations/stripe/find-payment.ts',
    'return named?.externalId === session.id ? payment : null;',
    'return named ? payment : null;',
    tests,
  ),
  mutant(
    'a link is made anew with every try',
    'src/integrations/stripe/push.ts',
    'idempotencyKey: `parley-payment-${payment.id}`,',
    'idempotencyKey: crypto.randomUUID(),',
    contract,
  ),
  mutant(
    'links stay open by which more could be paid than is due',
    'src/core/payments/queries.ts',
    'and amount > ${over} order by id for update',
    'and amount > ${over + 1_000_000} order by id for update',
    tests,
  ),
  mutant(
    'a refund that nobody owes is recorded with nothing',
    'src/core/payments/decide.ts',
    "entry ? 'recorded' : 'loose'",
    "entry ? 'recorded' : 'settled'",
    tests,
  ),
  mutant(
    'Icelandic crowns are taken for whole ones, as ISO 4217 counts them',
    'src/integrations/stripe/amounts.ts',
    "'BIF CLP DJF",
    "'ISK BIF CLP DJF",
    'src/integrations/stripe/amounts.test.ts',
  ),
  mutant(
    'a firm connects a second account that takes payments',
    'src/core/connections/queries.ts',
    "const ONE_EACH: readonly string[] = ['stripe'];",
    'const ONE_EACH: readonly string[] = [];',
    connecting,
  ),
];
