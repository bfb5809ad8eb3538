import type { Examples } from '../../testing/examples.ts';

export const examples: Examples = {
  make: async ({ client, mark, run }) => {
    const place = { client: client.id, project: client.project, currency: 'EUR' };
    const line = { quantity: '2', price: '600.00', vat: '19', text: `Checkout for ${mark}` };
    const accepted = async () => {
      const { quote, version } = await run('admin', 'quote.draft', { ...place, ...line, title: `Hosting of ${mark}` });
      const again = { ...line, text: `Hosting for ${mark}`, billed: 'monthly' };
      const added = await run('admin', 'quote.add-line', { quote, version, ...again });
      const { hash } = await run('admin', 'quote.send', { quote, version: added.version });
      await run('approver', 'quote.accept', { quote, hash, take: 'none' });
      return quote;
    };
    const quote = await accepted();
    const { subscription } = await run('admin', 'subscription.begin', { quote: await accepted(), every: 'monthly' });
    return { quote, subscription } as Record<string, string>;
  },
  more: {
    'subscription.begin': { input: { every: 'monthly' } },
  },
};
