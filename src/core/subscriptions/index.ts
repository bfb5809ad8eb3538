import { mayBill } from '../invoices/index.ts';
import { announce, reactTo } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import { recurringAgreed } from '../quotes/index.ts';
import * as commands from './commands.ts';
import { listSubscriptions } from './lists.ts';
import { subscriptionSchedule } from './schedule.ts';
import { begun, ended, subscription } from './subscription.ts';
import { showSubscription } from './views.ts';

/** What clients agreed to pay again and again: an invoice is drafted for each period, until the firm ends it. */
export const subscriptions = area({
  name: 'subscriptions',
  things: [subscription],
  commands: Object.values(commands),
  views: [showSubscription, listSubscriptions],
  reactions: [
    reactTo(recurringAgreed, ({ about, data: { every } }) => ({
      name: 'subscription.begin',
      input: { quote: about.id, every },
    })),
  ],
  announcements: [
    announce<unknown>(begun, 'card', ({ about }) => subscription.showing(about.id)),
    // The client is told that nothing more comes, and why.
    announce<unknown>(ended, 'alert', ({ about }) => subscription.showing(about.id)),
  ],
  menu: [
    { label: 'Subscriptions', press: { target: 'subscription.list', input: {} } },
    { label: 'Bill a quote again and again…', press: { target: 'subscription.begin', input: {} }, who: mayBill },
  ],
  schedules: [subscriptionSchedule],
});
