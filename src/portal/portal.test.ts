import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Press } from '../core/kernel/card.ts';
import type { AnyCommand } from '../core/kernel/command.ts';
import { DomainError } from '../core/kernel/errors.ts';
import { signLink } from '../core/kernel/links.ts';
import { buildRegistry } from '../core/kernel/registry.ts';
import { secretsFrom } from '../core/kernel/secrets.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp, withoutView } from '../testing/app.ts';
import { asOwner } from '../testing/database.ts';
import { deals, makeDeal } from '../testing/deals.ts';
import type { TestFirm } from '../testing/firm.ts';
import { makeFirm } from '../testing/firm.ts';
import { servePages } from '../testing/pages.ts';

let app: TestApp;
let firm: TestFirm;
let pages: Awaited<ReturnType<typeof servePages>>;
let origin: string;
let deal: string;

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);
const happened = async () =>
  (await owner(`select name, data from event where entity_id = $1 order by seq`, [deal])) as {
    name: string;
    data: Record<string, unknown>;
  }[];

beforeAll(async () => {
  app = await testApp();
  Object.assign(app, { registry: buildRegistry([deals]) });
  firm = await makeFirm(app.database);
  pages = await servePages(app);
  origin = pages.origin;
});
afterAll(async () => {
  await pages.stop();
  await app.close();
});
beforeEach(async () => {
  deal = await makeDeal(
    owner,
    { tenantId: firm.tenantId, client: firm.acme.id, project: firm.acme.project },
    'Checkout <b>redesign</b>',
  );
});

interface LinkOptions {
  person?: string;
  days?: number;
  nonce?: string;
  secret?: string;
}

function link(
  press: Press,
  { person = firm.acme.approver, days = 30, nonce = crypto.randomUUID(), secret }: LinkOptions = {},
): string {
  const secrets = secret ? secretsFrom([secret]) : app.secrets;
  const expires = Math.floor(app.clock.now().getTime() / 1000) + days * 86_400;
  return `/l/${signLink(secrets, { tenantId: firm.tenantId, personId: person, press, nonce, expires })}`;
}

const approve = (version = '1'): Press => ({ target: 'deal.approve', input: { deal, version } });
const disputeForm = (): Press => ({ target: 'deal.dispute-form', input: { deal, version: '1' } });

/** A page as a browser has it: its status, its text, its cookie, and its forms. */
interface Visit {
  status: number;
  html: string;
  cookie: string;
  headers: Headers;
}

async function visit(response: Response, cookie = ''): Promise<Visit> {
  const set = response.headers.get('set-cookie')?.split(';')[0];
  return { status: response.status, html: await response.text(), cookie: set ?? cookie, headers: response.headers };
}

const open = async (path: string, init: RequestInit = {}) =>
  visit(await fetch(`${origin}${path}`, { redirect: 'manual', ...init }));

/** The hidden fields of the form around the button of that name. */
function formOf({ html }: Visit, button: string): Record<string, string> {
  const form = html.split('<form').find((part) => part.includes(`>${button}</button>`)) ?? '';
  return Object.fromEntries(
    [...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(([, name = '', value = '']) => [
      name,
      value.replaceAll('&amp;', '&'),
    ]),
  );
}

async function press(
  path: string,
  page: Visit,
  button: string,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Visit> {
  const body = new URLSearchParams({ ...formOf(page, button), ...fields });
  const response = await fetch(`${origin}${path}`, {
    method: 'POST',
    body,
    headers: { Cookie: page.cookie, Origin: 'null', 'Sec-Fetch-Site': 'same-origin', ...headers },
  });
  return visit(response, page.cookie);
}

/** Counts every row of every table: what only looks changes none. */
async function rows(): Promise<string> {
  const tables = await owner(
    `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`,
  );
  const counts = [];
  for (const { name } of tables)
    counts.push(
      `${name} ${JSON.stringify((await owner(`select count(*) as n, max(xmin::text::bigint) as x from "${name}"`))[0])}`,
    );
  return counts.join('\n');
}

describe('opening a link', () => {
  test('changes nothing, however often and by whatever it is opened', async () => {
    const path = link(approve());
    const before = await rows();

    for (const agent of ['Mozilla/5.0', 'Barracuda Sentinel', 'curl/8'])
      for (const method of ['GET', 'HEAD', 'GET'])
        expect((await open(path, { method, headers: { 'User-Agent': agent, Purpose: 'prefetch' } })).status).toBe(200);

    expect(await rows()).toBe(before);
    expect(app.asked).toEqual([]);
  });

  test('shows the thing, the firm and a button to confirm', async () => {
    const page = await open(link(approve()));

    expect(page.html).toContain('<p class="firm">Northwind Studio</p>');
    expect(page.html).toContain(
      '<h1>Checkout &lt;b&gt;redesign&lt;/b&gt; <span class="badge attention">in_review</span></h1>',
    );
    expect(page.html).toContain('<button class="button primary">Yes, approve</button>');
    expect(page.html).not.toContain('<b>redesign');
  });

  test('shows first what is approved, then who answers for whom, then the button, and what else can be done', async () => {
    const { html } = await open(link(approve()));

    const order = [
      'Please look at it.',
      '<h2>Approve – Checkout &lt;b&gt;redesign&lt;/b&gt;?</h2>',
      'You answer as <strong>Acme Approver, for Acme</strong>',
      '>Yes, approve</button>',
      '>Dispute…</button>',
      '>History</button>',
    ];
    expect(order.map((text) => html.indexOf(text))).toEqual(
      order.map((text) => html.indexOf(text)).sort((a, b) => a - b),
    );
    expect(order.filter((text) => !html.includes(text))).toEqual([]);
    expect(html).not.toContain('>Approve</button>');
  });

  test('loads and runs nothing of others, tells nobody its address, and is kept nowhere', async () => {
    const { headers, html } = await open(link(approve()));

    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('set-cookie')).toMatch(/^parley-page=[\w-]{24}; Path=\/l\/[\w.-]+; HttpOnly; SameSite=Strict$/);
    expect(html).not.toMatch(/<script|style=|\bon\w+=/i);
    expect((await open('/portal.css')).headers.get('content-type')).toMatch(/text\/css/);
  });

  test('can be read by machines that read aloud', async () => {
    const { html } = await open(link(disputeForm()));

    expect(html).toContain('<html lang="en">');
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html).toContain('<main id="main"');
    expect(html).toContain('<label for="field-reason">What is wrong</label>');
    expect(html).toMatch(/<textarea rows="6" id="field-reason" name="field-reason" required/);
  });

  test.each([
    [
      'of another secret',
      () => link(approve(), { secret: 'the secret of somebody else, long enough' }),
      404,
      'not complete',
    ],
    ['cut in the middle', () => link(approve()).slice(0, -9), 404, 'not complete'],
    [
      'with another person written into it',
      () => `/l/${Buffer.from('[]').toString('base64url')}.${link(approve()).split('.')[1]}`,
      404,
      'not complete',
    ],
    ['that is too old', () => link(approve(), { days: -1 }), 410, 'expired'],
    ['to what nobody knows', () => link({ target: 'deal.gone', input: {} }), 404, 'not there any more'],
  ])('%s says what to do', async (_name, path, status, say) => {
    const page = await open(path());

    expect(page.status).toBe(status);
    expect(page.html).toContain(say);
  });

  test('of somebody who has left shows nothing', async () => {
    await owner(`update person set active = false where id = $1`, [firm.acme.approver]);
    const page = await open(link(approve()));
    await owner(`update person set active = true where id = $1`, [firm.acme.approver]);

    expect(page.status).toBe(410);
    expect(page.html).not.toContain('Checkout');
  });
});

test('the address of the hub itself asks who it is, and says where else to go', async () => {
  const page = await open('/');

  expect(page.html).toContain('Mail address');
  expect(page.status).toBe(200);
  expect(page.html).toContain('/parley work');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
});

describe('confirming', () => {
  test('acts once, as the person of the link, with the assurance of a link', async () => {
    const path = link(approve(), { nonce: 'n1' });
    const page = await open(path);

    const first = await press(path, page, 'Yes, approve');
    const second = await press(path, page, 'Yes, approve');
    const later = await open(path);

    expect(first).toMatchObject({ status: 200, html: expect.stringContaining('<h2>Done</h2>') });
    expect(second).toMatchObject({ status: 200, html: expect.stringContaining('This was done already') });
    for (const one of [first, second, later]) expect(one.html).toContain('You approved Checkout');
    expect(later.html).toContain('This link was used already');
    expect(later.html).not.toContain('Yes, approve');
    expect((await happened()).map(({ name }) => name)).toEqual(['deal.approved']);
    expect(
      await owner(`select person_id, channel, assurance, request_id from audit where entity_id = $1`, [deal]),
    ).toEqual([{ person_id: firm.acme.approver, channel: 'email', assurance: 'link', request_id: 'link:n1' }]);
  });

  test('that was done says so, even if the present card cannot be drawn just then', async () => {
    const path = link(approve());
    const page = await open(path);

    const done = await withoutView(app, 'deal.show', () => press(path, page, 'Yes, approve'));

    expect(done).toMatchObject({ status: 200, html: expect.stringContaining('Done') });
    expect(done.html).not.toContain('Nothing was');
  });

  test('of which nobody knows whether it was done does not claim that nothing was', async () => {
    const path = link(approve());
    const page = await open(path);
    const command = app.registry.commands.get('deal.approve') as AnyCommand;
    const lost = new DomainError('unavailable', 'It is not known.', { unknown: true });
    const commands = app.registry.commands as Map<string, AnyCommand>;
    commands.set(command.name, { ...command, handle: () => Promise.reject(lost) });

    const told = await press(path, page, 'Yes, approve');
    commands.set(command.name, command);

    expect(told).toMatchObject({ status: 503, html: expect.stringContaining('It is not known.') });
    expect(told.html).not.toContain('Nothing was');
  });

  test('by two browsers at the same moment acts once', async () => {
    const path = link(approve());
    const pages = await Promise.all([open(path), open(path)]);

    const both = await Promise.all(pages.map((page) => press(path, page, 'Yes, approve')));

    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(await happened()).toHaveLength(1);
  });

  test('what has changed since changes nothing: it shows what changed, and the button that is right now', async () => {
    const path = link(approve());
    const page = await open(path);
    await owner(`update cycle set version = 2, name = 'Basket' where id = $1`, [deal]);

    const stale = await press(path, page, 'Yes, approve');
    const reopened = await open(path);

    expect(stale).toMatchObject({ status: 409, html: expect.stringContaining('It is now version 2: Basket.') });
    expect(reopened.html).toContain('This has changed since the mail was written');
    expect(reopened.html).toContain('Show me what changed');
    expect(await happened()).toEqual([]);

    expect((await press(path, stale, 'Approve')).html).toContain('You approved Basket');
  });

  test('what the person may not do is refused', async () => {
    const path = link(approve(), { person: firm.acme.viewer });

    expect(await press(path, await open(path), 'Yes, approve')).toMatchObject({
      status: 403,
      html: expect.stringContaining('You may not do this.'),
    });
    expect(await happened()).toEqual([]);
  });

  test('what needs a surer sign than a link says so', async () => {
    const path = link({ target: 'deal.seal', input: { deal } });

    expect(await press(path, await open(path), 'Yes, seal')).toMatchObject({
      status: 403,
      html: expect.stringContaining('surer sign'),
    });
  });

  test('an expired link is refused, whatever was opened before', async () => {
    const path = link(approve(), { days: 1 });
    const page = await open(path);
    app.clock.jump(2 * 86_400_000);
    const late = await press(path, page, 'Yes, approve');
    app.clock.jump(-2 * 86_400_000);

    expect(late.status).toBe(410);
    expect(await happened()).toEqual([]);
  });
});

describe('a form that did not come from the page that was shown', () => {
  const attempts: [string, (path: string, page: Visit) => Promise<Visit>][] = [
    [
      'of another site',
      (path, page) =>
        press(path, page, 'Yes, approve', {}, { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }),
    ],
    [
      'of another site by its name, whatever else the browser says',
      (path, page) =>
        press(path, page, 'Yes, approve', {}, { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'same-origin' }),
    ],
    [
      'of another site that hides its name',
      (path, page) => press(path, page, 'Yes, approve', {}, { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' }),
    ],
    ['without the cookie', (path, page) => press(path, { ...page, cookie: '' }, 'Yes, approve')],
    [
      'with the cookie of another visit',
      async (path, page) => press(path, { ...page, cookie: (await open(link(approve()))).cookie }, 'Yes, approve'),
    ],
    ['without any field', (path, page) => press(path, page, 'No such button')],
    [
      'with another press in it',
      (path, page) =>
        press(path, page, 'Yes, approve', { press: `deal.dispute?deal=${deal}&version=1&reason=because` }),
    ],
    [
      'of another link',
      async (path, page) => press(link(approve()), page, 'Yes, approve').then((other) => (path ? other : other)),
    ],
  ];

  test.each(attempts)('(%s) does nothing, and the page is shown again', async (_name, attempt) => {
    const path = link(approve());
    const refused = await attempt(path, await open(path));

    expect(refused).toMatchObject({ status: 403, html: expect.stringContaining('Nothing was done yet') });
    expect(refused.html).toContain('Yes, approve');
    expect(await happened()).toEqual([]);
  });

  test('but one of a browser that names our own origin works', async () => {
    const path = link(approve());

    expect((await press(path, await open(path), 'Yes, approve', {}, { Origin: origin })).status).toBe(200);
  });
});

describe('a link to a form', () => {
  test('takes what is typed', async () => {
    const path = link(disputeForm());

    const done = await press(path, await open(path), 'Dispute', { 'field-reason': 'the header\r\nis broken' });

    expect(done.html).toContain('You disputed');
    expect(await happened()).toEqual([{ name: 'deal.disputed', data: { reason: 'the header\nis broken' } }]);
  });

  test('says beside the field what is wrong, and keeps what was typed', async () => {
    const path = link(disputeForm());

    const faulty = await press(path, await open(path), 'Dispute', { 'field-reason': '"<no' });

    expect(faulty.status).toBe(422);
    expect(faulty.html).toMatch(/<p class="fault" id="field-reason-fault">must say more<\/p>/);
    expect(faulty.html).toContain('aria-invalid="true"');
    expect(faulty.html).toContain('&quot;&lt;no</textarea>');
    expect(await happened()).toEqual([]);

    expect((await press(path, faulty, 'Dispute', { 'field-reason': 'now there is more' })).html).toContain(
      'You disputed',
    );
  });

  test('asks for a field that was left empty', async () => {
    const path = link(disputeForm());

    const sent = await press(path, await open(path), 'Dispute', { 'field-reason': '' });
    expect(sent.status).toBe(422);
    expect(sent.html).toContain('Please fill this in.');
  });

  test('pressed twice on one page is one press', async () => {
    const path = link(disputeForm());
    const page = await open(path);

    await Promise.all([1, 2].map(() => press(path, page, 'Dispute', { 'field-reason': 'the header is broken' })));

    expect(await happened()).toHaveLength(1);
  });

  test('leads back and on by the other buttons of its card', async () => {
    const path = link(disputeForm());
    const back = await press(path, await open(path), 'Back');
    const history = await press(path, back, 'History');

    expect(back.html).toContain('<button class="button primary">Approve</button>');
    expect(history.html).toContain('History of Checkout');
    expect((await press(path, back, 'Approve')).html).toContain('You approved');
  });
});

test('what is too long or not understood is answered with a page', async () => {
  const path = link(approve());

  const long = await open(path, { method: 'POST', body: new URLSearchParams({ 'field-reason': 'x'.repeat(300_000) }) });
  const strange = await open(path, { method: 'PUT' });

  expect(long).toMatchObject({ status: 413, html: expect.stringContaining('too long') });
  expect(strange.status).toBe(404);
});

test('a visitor who hammers is asked to wait; another one is not', async () => {
  const { RateLimit } = await import('./rate.ts');
  const rate = new RateLimit();

  const first = Array.from({ length: 300 }, (_, link) => rate.allows('a', `l${link}`, 0)).filter(Boolean).length;

  expect(first).toBe(240);
  expect(rate.allows('b', 'l1', 0)).toBe(true);
  expect(rate.allows('a', 'l1', 1_000)).toBe(true);
});

test('whoever has a network of IPv6 addresses has one bucket', async () => {
  const { RateLimit } = await import('./rate.ts');
  const rate = new RateLimit();

  const first = Array.from({ length: 300 }, (_, host) => rate.allows(`2001:db8::${host.toString(16)}`, `l${host}`, 0));

  expect(first.filter(Boolean)).toHaveLength(240);
  expect(rate.allows('2001:db8:0:1::1', 'l1', 0)).toBe(true);
  expect(rate.allows('::ffff:192.0.2.1', 'l2', 0)).toBe(true);
});

describe('the colours', () => {
  const css = readFileSync(join(import.meta.dirname, 'portal.css'), 'utf8');
  const [light = '', dark = ''] = css.match(/:root \{[^}]*\}/g) ?? [];
  const named = (block: string) =>
    Object.fromEntries(
      [...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]),
    ) as Record<string, string>;

  test.each([
    ['light', named(light)],
    ['dark', named(dark)],
  ])('can be told apart when it is %s (WCAG 2.2, 1.4.3 and 1.4.11)', (_name, colour) => {
    for (const ground of ['ground', 'paper']) {
      for (const ink of ['ink', 'soft', 'accent', 'good', 'attention', 'danger'])
        expect(contrast(colour[ink], colour[ground])).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(colour['on-accent'], colour.accent)).toBeGreaterThanOrEqual(4.5);
  });
});

/** WCAG 2.2, "contrast ratio". */
function contrast(one = '', other = ''): number {
  const [high = 0, low = 0] = [one, other].map(luminance).sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
