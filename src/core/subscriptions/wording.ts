import type { Every, Subscription } from './schema.ts';

export const EVERY_SAYS: Readonly<Record<Every, string>> = {
  monthly: 'every month',
  quarterly: 'every quarter',
  yearly: 'every year',
};

/** "Hosting (every month)" */
export function calledOf({ title, every }: Pick<Subscription, 'title' | 'every'>): string {
  return `${title} (${EVERY_SAYS[every]})`;
}
