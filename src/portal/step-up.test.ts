import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { answerPress } from '../core/kernel/answer.ts';
import type { Press } from '../core/kernel/card.ts';
import { formOf } from '../core/kernel/card.ts';
import { signLink, signSignIn } from '../core/kernel/links.ts';
import { runCommand, showView } from '../core/kernel/registry.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import { Browser } from '../testing/browser.ts';
import { asOwner } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { as, makeFirm } from '../testing/firm.ts';
import { servePages } from '../testing/pages.ts';

/* What a mail's link is not enough for: its person signs in, and the same press goes on from there. */

let app: TestApp;
let firm: TestFirm;
let pages: Awaited<ReturnType<typeof servePages>>;
let network = 0;

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);
const SURER = 'This needs a surer sign of who you are.';

beforeAll(async () => {
  app = await testApp();
  pages = await servePages(app);
});
afterAll(async () => {
  await pages.stop();
  await app.close();
});
beforeEach(async () => {
  firm = await makeFirm(app.database);
});

const browser = () => {
  network += 1;
  return new Browser(pages.origin, { 'X-Forwarded-For': `192.0.2.${network}` });
};

async function run(name: string, input: Record<string, unknown>, who = as(firm, firm.admin)) {
  return (await runCommand(app, who, { name, input, requestId: crypto.randomUUID() })).output as Record<
    'quote' | 'version' | 'hash' | 'say',
    string
  >;
}

/** A quote that was sent, with tax of 19 %. */
async function sent(price: string) {
  const place = { client: firm.acme.id, project: firm.acme.project, currency: 'EUR' };
  const line = { quantity: '1', vat: '19', price };
  const drafted = await run('quote.draft', { ...place, ...line, title: 'Shop', text: 'Checkout' });
  return run('quote.send', { quote: drafted.quote, version: drafted.version });
}

/** The link of a mail, and the request under which it acts. */
function linkFor(personId: string, press: Press): { path: string; request: string } {
  const nonce = crypto.randomUUID();
  const expires = Math.floor(app.clock.now().getTime() / 1000) + 3_600;
  const token = signLink(app.secrets, { tenantId: firm.tenantId, personId, press, nonce, expires });
  return { path: `/l/${token}`, request: `link:${nonce}` };
}
const accepting = ({ quote, hash }: { quote: string; hash: string }): Press => ({
  target: 'quote.accept',
  input: { quote, hash, take: 'no' },
});

/** Signs the browser in by a link that the person was shown where they are linked. */
async function signIn(visitor: Browser, personId: string): Promise<void> {
  const expires = Math.floor(app.clock.now().getTime() / 1000) + 600;
  const link = { tenantId: firm.tenantId, personId, id: crypto.randomUUID(), browser: '', back: '', expires };
  await visitor.open(`/sign-in/${signSignIn(app.secrets, { ...link, shown: 'mail' })}`);
  await visitor.pressAny('Sign in as');
}

const acceptedBy = async ({ quote }: { quote: string }) =>
  owner('select by_name, channel, assurance, hash from quote_acceptance where quote_id = $1', [quote]);

describe('a quote above the amount of the firm', () => {
  test('is not accepted by the link of a mail, but goes on from there once its person signed in, as the same request', async () => {
    const quote = await sent('10000');
    const { path, request } = linkFor(firm.acme.approver, accepting(quote));
    const visitor = browser();
    await visitor.open(path);
    await visitor.press('Yes, accept');

    expect(visitor.status).toBe(403);
    expect(visitor.html).toContain(SURER);
    expect(visitor.html).toContain('Sign in, and go on');
    expect(await acceptedBy(quote)).toEqual([]);

    await signIn(visitor, firm.acme.approver);
    expect(visitor.at).toBe(path);
    // Coming back does nothing by itself.
    expect(await acceptedBy(quote)).toEqual([]);
    await visitor.press('Yes, accept');
    expect(visitor.html).toContain('is accepted: €11,900.00, tax included.');
    expect(await acceptedBy(quote)).toEqual([
      { by_name: 'Acme Approver', channel: 'portal', assurance: 'mail', hash: quote.hash },
    ]);
    expect(await owner('select command from request where request_id = $1', [request])).toEqual([
      { command: 'quote.accept' },
    ]);

    // The mail's link tells what became of it, to whoever has it.
    const later = browser();
    await later.open(path);
    expect(later.html).toContain('This link was used already');
  });

  test('is accepted in a chat, and up to the amount by a mail’s link', async () => {
    const [small, large] = [await sent('8403.36'), await sent('8403.37')];
    const press = (who: ReturnType<typeof as>, quote: typeof small) =>
      answerPress(app, who, { press: accepting(quote), requestId: crypto.randomUUID() });
    const byLink = as(firm, firm.acme.approver, 'link', 'email');
    const byMail = as(firm, firm.acme.approver, 'mail', 'email');

    for (const who of [byLink, byMail])
      expect(await press(who, large)).toMatchObject({
        ...{ kind: 'refused', code: 'forbidden', surer: true, say: expect.stringContaining(SURER) },
        card: { fallback: expect.stringMatching(/^Q-\d+ Shop: €10,000\.01/) },
      });
    expect(await press(byLink, small)).toMatchObject({ kind: 'done' });
    expect(await press(as(firm, firm.acme.approver), large)).toMatchObject({ kind: 'done' });
  });

  test('counts what is ticked, and what comes again and again', async () => {
    const place = { client: firm.acme.id, project: firm.acme.project, currency: 'JPY' };
    const line = { quantity: '1', vat: '0' };
    const drafted = await run('quote.draft', { ...place, ...line, price: '9000', title: 'Shop', text: 'Checkout' });
    const more = { ...line, text: 'Care', price: '2000', optional: 'yes' };
    const added = await run('quote.add-line', { quote: drafted.quote, version: drafted.version, ...more });
    const { quote, hash } = await run('quote.send', { quote: drafted.quote, version: added.version });
    const care = await run('quote.draft', { ...place, ...line, price: '10001', title: 'Care', text: 'Care' });
    const often = { ...line, price: '10001', text: 'Care', billed: 'monthly' };
    const billed = await run('quote.change-line', { quote: care.quote, version: care.version, line: 1, ...often });
    const monthly = await run('quote.send', { quote: billed.quote, version: billed.version });
    const byLink = as(firm, firm.acme.approver, 'link', 'email');
    const accept = (it: { quote: string; hash: string }, take: string) =>
      run('quote.accept', { ...{ quote: it.quote, hash: it.hash }, take }, byLink);

    await expect(accept({ quote, hash }, '2')).rejects.toMatchObject({ code: 'forbidden', detail: { surer: true } });
    await expect(accept(monthly, 'no')).rejects.toMatchObject({ code: 'forbidden', detail: { surer: true } });
    expect((await accept({ quote, hash }, 'no')).say).toContain('is accepted');
  });

  test('that was replaced while its person signed in is not accepted: they see what changed', async () => {
    const quote = await sent('10000');
    const { path } = linkFor(firm.acme.approver, accepting(quote));
    const visitor = browser();
    await visitor.open(path);
    await visitor.press('Yes, accept');
    const copy = await run('quote.copy', { quote: quote.quote });
    const dearer = { quantity: '1', vat: '19', price: '12000', text: 'Checkout' };
    const changed = await run('quote.change-line', { quote: copy.quote, version: copy.version, line: 1, ...dearer });
    const next = await run('quote.send', { quote: copy.quote, version: changed.version });

    await signIn(visitor, firm.acme.approver);
    await visitor.pressAny('Yes, accept');

    expect(visitor.status).toBe(409);
    expect(visitor.html).toContain('Nothing was done. Another quote was sent in place');
    expect(visitor.html).toContain('€12,000.00');
    expect([await acceptedBy(quote), await acceptedBy(next)]).toEqual([[], []]);
  });

  test('is not accepted by somebody else who signs in with the link of another: neither as them nor in their own name', async () => {
    const quote = await sent('10000');
    const { path } = linkFor(firm.acme.approver, accepting(quote));
    const thief = browser();
    await thief.open(path);
    await thief.press('Yes, accept');
    for (const person of [firm.acme.clientAdmin, firm.acme.viewer]) {
      await signIn(thief, person);
      // They are signed in as themselves, and not led to the link of another.
      expect(thief.at).toBe('/app');
      await thief.open(path);
      await thief.press('Yes, accept');
      expect(thief.status).toBe(403);
      expect(thief.html).toContain(SURER);
    }

    expect(await acceptedBy(quote)).toEqual([]);
  });

  test('is not accepted with a link in the place of the one that is remembered', async () => {
    const quote = await sent('10000');
    const visitor = browser();
    visitor.cookies.set('parley-step', `${linkFor(firm.acme.clientAdmin, accepting(quote)).path.slice(3)}`);
    await signIn(visitor, firm.acme.approver);
    expect(visitor.at).toBe('/app');
    visitor.cookies.set('parley-step', '../../app/session.list');
    await signIn(visitor, firm.acme.approver);
    expect(visitor.at).toBe('/app');
  });
});

describe('the amount of the firm', () => {
  test('is set by administrators who are sure, and counts for what waits', async () => {
    const quote = await sent('100');
    const byLink = as(firm, firm.acme.approver, 'link', 'email');
    for (const who of [as(firm, firm.partner), as(firm, firm.acme.clientAdmin), as(firm, firm.admin, 'mail', 'email')])
      await expect(run('quote.set-limit', { amount: '5' }, who)).rejects.toMatchObject({ code: 'forbidden' });
    const form = formOf(await showView(app, as(firm, firm.admin), { target: 'quote.set-limit', input: {} }));
    expect(form?.fields[0]).toMatchObject({ value: '10000.00' });

    expect((await run('quote.set-limit', { amount: '118,99' })).say).toBe(
      'From now on, quotes above 118.99 take a chat or signing in.',
    );

    await expect(
      run('quote.accept', { quote: quote.quote, hash: quote.hash, take: 'no' }, byLink),
    ).rejects.toMatchObject({ code: 'forbidden', detail: { surer: true } });
    await run('quote.set-limit', { amount: '119' });
    await run('quote.accept', { quote: quote.quote, hash: quote.hash, take: 'no' }, byLink);
    const audited = await owner(
      `select before, after from audit where command = 'quote.set-limit' and tenant_id = $1 order by at`,
      [firm.tenantId],
    );
    expect(audited).toEqual([
      { before: { amount: '10000.00' }, after: { amount: '118.99' } },
      { before: { amount: '118.99' }, after: { amount: '119.00' } },
    ]);
    for (const amount of ['-1', 'much', '1.005'])
      await expect(run('quote.set-limit', { amount })).rejects.toMatchObject({ code: 'invalid' });
  });
});
