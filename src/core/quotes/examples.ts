import type { Examples, Made } from '../../testing/examples.ts';

/** What is typed where nothing is proposed. */
const TYPED = { quantity: '2', price: '600.00', vat: '19' };

/** The quote that is still a draft, in place of the one that was sent. */
const drafted =
  (typed: Made = {}) =>
  ({ draft = '' }: Made): Made => ({ ...typed, quote: draft });

export const examples: Examples = {
  make: async ({ client, firm, mark, owner, run }) => {
    const days = { startsOn: '2026-11-02', endsOn: '2026-11-27' };
    await run('admin', 'cycle.plan', {
      ...{ project: client.project, name: `Cart of ${mark}`, ...days, deliverables: 'Cart' },
    });
    /** With an option, its second line. */
    const writeDraft = async () => {
      const place = { client: client.id, project: client.project, currency: 'EUR' };
      const first = { ...TYPED, ...place, title: `Shop of ${mark}`, text: `Checkout for ${mark}` };
      const { quote, version } = await run('admin', 'quote.draft', first);
      const option = { ...TYPED, text: `Photos for ${mark}`, billed: 'completion', optional: 'yes' };
      return run('admin', 'quote.add-line', { quote, version, ...option });
    };
    const [draft, second, third, fourth] = [
      await writeDraft(),
      await writeDraft(),
      await writeDraft(),
      await writeDraft(),
    ];
    const offer = await run('admin', 'quote.send', { quote: second.quote, version: second.version });
    // Over before the world of the examples began.
    await owner(
      `update quote set status = 'sent', sent_by = $2, sent_by_name = 'Ada', sent_channel = 'portal', sent_assurance = 'chat',
        sent_at = '2026-01-01', expires_at = '2026-02-01' where id = $1`,
      [third.quote, firm.admin],
    );
    // Sent so long ago that the client is to be reminded.
    await owner(
      `update quote set status = 'sent', sent_by = $2, sent_by_name = 'Ada', sent_channel = 'portal', sent_assurance = 'chat',
        sent_at = '2026-01-01', expires_at = '2099-01-01', content = jsonb_set(content, '{expiresOn}', '"2026-01-10"') where id = $1`,
      [fourth.quote, firm.admin],
    );
    const wish = { project: client.project, title: `A wish of ${mark}` };
    const { inquiry } = await run('approver', 'quote.request', wish);
    await run('admin', 'quote.reply', { quote: offer.quote, body: `In time, ${mark}.` });
    const [message] = await owner('select id from message where quote_id = $1', [offer.quote]);
    const said = { message: message?.id };
    const made = {
      client: client.id,
      quote: offer.quote,
      hash: offer.hash,
      draft: draft.quote,
      over: third.quote,
      forgotten: fourth.quote,
      inquiry,
      ...said,
    };
    return made as Record<string, string>;
  },
  more: {
    'quote.draft': { input: { ...TYPED, currency: 'EUR', title: 'Another shop', text: 'Checkout' } },
    'quote.add-line': { input: drafted({ ...TYPED, text: 'Training' }) },
    'quote.change-line': { input: drafted({ line: '1', price: '650.00' }) },
    'quote.remove-line': { input: drafted() },
    'quote.set-terms': { input: drafted({ deposit: '30 %' }) },
    'quote.send': { input: drafted() },
    'quote.accept': { input: { take: '2' } },
    'quote.remind': { input: ({ forgotten = '' }) => ({ quote: forgotten }) },
    'quote.expire': { input: ({ over = '' }) => ({ quote: over }) },
    'inquiry.quote': { input: { ...TYPED, currency: 'EUR', text: 'Another language' } },
  },
};
