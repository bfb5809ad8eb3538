import { z } from 'zod';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { mayRead } from '../quotes/index.ts';
import { subscriptionCard } from './cards.ts';
import { readSubscription } from './queries.ts';
import { Subscription } from './schema.ts';

/** What is billed again and again. */
export const showSubscription = view({
  name: 'subscription.show',
  module: 'billing',
  input: z.strictObject({ subscription: z.uuid() }),
  output: z.strictObject({ subscription: Subscription.describe('What was agreed on, and how far it is billed') }),
  read: async (context, { subscription: id }) => {
    const subscription = there(await readSubscription(context, id));
    allow(mayRead(context.actor, subscription));
    return { subscription };
  },
  card: ({ subscription }, { actor }) => subscriptionCard(subscription, actor),
});
