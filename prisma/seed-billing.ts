import type { Seeding } from './demo-firm.ts';
import { DEMO_CLIENTS, DEMO_FIRM, DEMO_THINGS } from './demo-firm.ts';
import { dayAfter } from './seed-days.ts';

/** What is typed for a line, with the currency and the tax of the firm. */
const PRICED = { quantity: '1', vat: '19' };
/** How many months from the one of the seed have a budget: as far as somebody lets the clock of the demo jump. */
const MONTHS = 5;

/** How the firm bills, and what an hour costs: an invoice needs the one, a month of hours the other. */
export async function seedBilling({ run, as, clients, projects, day0 }: Seeding): Promise<void> {
  const ada = as('ada', 'teams');
  await run('seller', ada, 'invoice.set-seller', {
    ...{ name: `${DEMO_FIRM.name} GmbH`, street: 'Torstraße 12', postCode: '10119', city: 'Berlin', country: 'DE' },
    ...{ taxId: 'DE123456789', iban: 'DE89370400440532013000', email: 'billing@northwind.example' },
  });
  await run('buyer:juniper', ada, 'invoice.set-buyer', {
    ...{ client: clients.juniper, name: `${DEMO_CLIENTS.juniper.name} Inc.`, street: '41 Mercer Street' },
    ...{ postCode: '10013', city: 'New York', country: 'US', email: 'accounts@juniperhome.example' },
  });
  const { showroom: project } = projects;
  await run('rate', ada, 'invoice.set-rate', { project, price: '95.00', vat: '19', currency: 'EUR' });
  for (const month of monthsFrom(day0))
    await run(`budget:${month}`, ada, 'hours.set-budget', { project, month, budget: '8h' });
}

/** An offer with an option and a deposit. Its cycle becomes official when it is accepted. */
export async function seedQuote({ run, as, clients, projects, day0 }: Seeding): Promise<void> {
  const ada = as('ada', 'teams');
  const { cycle } = await run('cycle:gift-cards', ada, 'cycle.plan', {
    project: projects.store,
    name: DEMO_THINGS.giftCards,
    startsOn: dayAfter(day0, 2),
    endsOn: dayAfter(day0, 9),
    deliverables: 'Buy a gift card — by mail or printed at home\nPay with it in the checkout\nSee what is left on it',
  });
  const drafted = await run('quote:gift-cards', ada, 'quote.draft', {
    ...{ client: clients.juniper, project: projects.store, title: DEMO_THINGS.quote, currency: 'EUR' },
    ...{ ...PRICED, price: '4800.00', text: 'Gift cards in shop and checkout' },
  });
  const { quote } = drafted;
  const named = await run('quote:cycle', ada, 'quote.change-line', {
    ...{ quote, version: drafted.version, line: '1', cycle },
    ...{ ...PRICED, price: '4800.00', text: 'Gift cards in shop and checkout', billed: 'completion', optional: 'no' },
  });
  const optional = await run('quote:option', ada, 'quote.add-line', {
    ...{ quote, version: named.version, ...PRICED, price: '900.00', text: 'Printed cards for the showrooms' },
    ...{ billed: 'completion', optional: 'yes' },
  });
  const terms = await run('quote:terms', ada, 'quote.set-terms', {
    ...{ quote, version: optional.version, title: DEMO_THINGS.quote, deposit: '30 %' },
    expiresOn: dayAfter(day0, 60),
  });
  await run('quote:send', ada, 'quote.send', { quote, version: terms.version });
}

/** The months as forms write them, the one of the seed first. */
function monthsFrom(day: Date): string[] {
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  return Array.from({ length: MONTHS }, (_, later) =>
    new Date(Date.UTC(year, month + later, 1)).toISOString().slice(0, 7),
  );
}
