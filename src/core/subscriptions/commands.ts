// One line per command. The area takes all that stands here.

export { beginSubscription } from './begin-subscription.ts';
export { billSubscription } from './bill-subscription.ts';
export { endSubscription } from './end-subscription.ts';
