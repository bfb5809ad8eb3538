import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { attachmentsOf, openFileReader } from '../bots/email/attachments.ts';
import { renderMessage } from '../bots/slack/render.ts';
import { storeDeliveries } from '../core/kernel/inbox.ts';
import { signLink } from '../core/kernel/links.ts';
import { runCommand, showView } from '../core/kernel/registry.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import { asOwner } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { as, makeFirm } from '../testing/firm.ts';
import { servePages } from '../testing/pages.ts';

let app: TestApp;
let firm: TestFirm;
let pages: Awaited<ReturnType<typeof servePages>>;
let origin: string;
let ticket: string;
const logged: string[] = [];

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);

beforeAll(async () => {
  app = await testApp();
  Object.assign(app, { log: pino({ level: 'trace' }, { write: (line: string) => logged.push(line) }) });
  firm = await makeFirm(app.database);
  pages = await servePages(app, { readFile: openFileReader() });
  origin = pages.origin;
  const input = { project: firm.acme.project, title: 'Pay button', description: 'It does nothing.' };
  const { output } = await run(firm.acme.approver, 'ticket.file-bug', input);
  ticket = (output as { id: string }).id;
});
afterAll(async () => {
  await pages.stop();
  await app.close();
});

const run = (person: string, name: string, input: Record<string, string>) =>
  runCommand(app, as(firm, person), { name, input, requestId: crypto.randomUUID() });

interface Sent {
  name: string;
  type?: string;
  content?: string;
}

/** A mail of a person with these files, as it lies in the inbox. */
async function mailOf(person: string, files: Sent[]): Promise<string> {
  const parts = files.map(({ name, type = 'application/pdf', content = 'what is in it' }) =>
    [
      `Content-Type: ${type}`,
      `Content-Disposition: attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from(content).toString('base64'),
    ].join('\r\n'),
  );
  const text = ['Content-Type: text/plain', '', 'See the files.'].join('\r\n');
  const body = [text, ...parts].map((part) => `--b\r\n${part}\r\n`).join('');
  const deliveryId = crypto.randomUUID();
  await storeDeliveries(app, { tenantId: firm.tenantId }, [
    {
      source: 'email',
      account: 'reply@northwind.example',
      deliveryId,
      kind: 'mail',
      headers: { sender: `${person}@example.com`, verified: 'yes' },
      body: Buffer.from(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${body}--b--\r\n`),
    },
  ]);
  const [row] = await owner('select id from inbox where delivery_id = $1', [deliveryId]);
  return String(row?.id);
}

async function said(
  person: string,
  sent: Sent[],
  command = 'ticket.reply',
): Promise<{ message: string; mail: string }> {
  const mail = await mailOf(person, sent);
  const [row] = await owner('select body from inbox where id = $1', [mail]);
  const found = await attachmentsOf(row?.body as Buffer);
  const list = found.map(({ name, size, type }) => ({ name, size, type }));
  const { output } = await run(person, command, {
    ticket,
    body: 'See the files.',
    files: JSON.stringify({ mail, list }),
  });
  return { message: (output as { message: string }).message, mail };
}

function linkOf(personId: string, message: string): string {
  const expires = Math.floor(app.clock.now().getTime() / 1000) + 86_400;
  const press = { target: 'ticket.message', input: { message } };
  return `/l/${signLink(app.secrets, { tenantId: firm.tenantId, personId, press, nonce: crypto.randomUUID(), expires })}`;
}

const get = (person: string, message: string, number: number | string = 1) =>
  fetch(`${origin}${linkOf(person, message)}/files/${message}/${number}`);

describe('a file that came with a message', () => {
  test('is named with its size wherever the message is shown, and linked on the page, which says that it is not scanned', async () => {
    const { message } = await said(firm.acme.approver, [{ name: 'plan.pdf' }, { name: 'shot.png', type: 'image/png' }]);
    const view = (target: string, input: Record<string, string>) =>
      showView(app, { kind: 'audience', tenantId: firm.tenantId, roomId: firm.acme.room }, { target, input });
    const page = await (await fetch(`${origin}${linkOf(firm.acme.approver, message)}`)).text();

    expect(JSON.stringify(await view('ticket.message', { message }))).toMatch(
      /plan\.pdf.*13 bytes.*2 files came by mail/,
    );
    expect(JSON.stringify(await view('ticket.show', { ticket }))).toContain(
      '[2 files: plan.pdf (13 bytes), shot.png (13 bytes)]',
    );
    expect(page).toContain(`/files/${message}/2"`);
    expect(page).toContain('not scanned');
  });

  test('is reached from a chat by a link that is made for whoever asks, and stands in no room', async () => {
    const { message } = await said(firm.acme.approver, [{ name: 'plan.pdf' }]);
    const view = { target: 'ticket.message', input: { message } };
    const { actions } = await showView(app, as(firm, firm.acme.viewer), view);
    const room = await showView(app, { kind: 'audience', tenantId: firm.tenantId, roomId: firm.acme.room }, view);
    const url = actions.flatMap((action) => (action.kind === 'link' ? action.url : []))[0] ?? '';
    const page = await fetch(url.replace(app.publicUrl, origin));

    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining(`/files/${message}/1"`)]);
    expect(room.actions).toContainEqual({ kind: 'button', label: 'Files', word: 'FILES', press: view });
    expect(JSON.stringify(room)).not.toContain('/l/');
  });

  test('is handed out to whoever may read the message, as bytes that nothing runs', async () => {
    const { message } = await said(firm.acme.approver, [
      { name: 'page.html', type: 'text/html', content: '<script>1</script>' },
      { name: 'shot.png', type: 'image/png', content: 'png' },
    ]);
    const [page, picture] = [await get(firm.acme.viewer, message, 1), await get(firm.admin, message, 2)];

    expect([page.status, await page.text()]).toEqual([200, '<script>1</script>']);
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename=page.html',
      'content-security-policy': expect.stringMatching(/^sandbox;/),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect([picture.headers.get('content-type'), await picture.text()]).toEqual(['image/png', 'png']);
  });

  test('is not there for a contact who may not read the message: another client, a reporter, a note of the team', async () => {
    const { message } = await said(firm.acme.approver, [{ name: 'plan.pdf' }]);
    const note = await said(firm.admin, [{ name: 'secret.pdf' }], 'ticket.note');
    const statuses = [];
    for (const response of [
      await get(firm.globex.clientAdmin, message),
      await get(firm.acme.feedback, message),
      await get(firm.acme.approver, note.message),
      await get(firm.acme.clientAdmin, note.message),
      await get(firm.admin, note.message),
    ])
      statuses.push(response.status);
    const shown = await showView(app, as(firm, firm.acme.clientAdmin), { target: 'ticket.show', input: { ticket } });

    expect(statuses).toEqual([404, 404, 404, 404, 200]);
    expect(JSON.stringify(shown)).not.toContain('secret.pdf');
  });

  test('of a cycle’s thread is handed out in the same way, and hidden in the same way', async () => {
    const typed = { name: 'Checkout', startsOn: '2026-11-02', endsOn: '2026-11-27', deliverables: 'Basket page' };
    const { output } = await run(firm.admin, 'cycle.plan', { project: firm.acme.project, ...typed });
    const { cycle } = output as { cycle: string };
    const mail = await mailOf(firm.acme.approver, [{ name: 'plan.pdf' }]);
    const files = JSON.stringify({ mail, list: [{ name: 'plan.pdf', size: 13, type: 'application/pdf' }] });
    await run(firm.acme.approver, 'cycle.reply', { cycle, body: 'See the file.', files });
    const [row] = await owner('select id from message where cycle_id = $1', [cycle]);
    const message = String(row?.id);
    const card = await showView(app, as(firm, firm.acme.viewer), { target: 'cycle.show', input: { cycle } });

    expect(JSON.stringify(card)).toContain('[1 file: plan.pdf (13 bytes)]');
    expect([(await get(firm.acme.viewer, message)).status, (await get(firm.globex.viewer, message)).status]).toEqual([
      200, 404,
    ]);
  });

  test('is not there under a number or a name that it does not have', async () => {
    const { message } = await said(firm.acme.approver, [{ name: 'plan.pdf' }]);
    const statuses = [];
    for (const number of ['0', '2', '01', '-1', '1e0', '..%2f1'])
      statuses.push((await get(firm.admin, message, number)).status);
    const unknown = await fetch(`${origin}${linkOf(firm.admin, message)}/files/none/1`);

    expect([...statuses, unknown.status]).toEqual([404, 404, 404, 404, 404, 404, 404]);
  });

  test.each([
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['a\r\nSet-Cookie: x=y.pdf', 'aSet-Cookie_ x=y.pdf'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['Überblick.pdf', 'Überblick.pdf'],
    ['...', 'file'],
    [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(116)}.pdf`],
  ])('called %j is saved as %j', async (name, saved) => {
    const { message } = await said(firm.acme.approver, [{ name }]);
    const { status, headers } = await get(firm.admin, message);
    const disposition = headers.get('content-disposition') ?? '';
    const encoded = /filename\*=UTF-8''(.*)$/.exec(disposition)?.[1];

    expect(status).toBe(200);
    expect(headers.get('set-cookie')).toBeNull();
    expect(encoded ? decodeURIComponent(encoded) : /filename="?(.*?)"?$/.exec(disposition)?.[1]).toBe(saved);
  });

  test('is named where a chat cuts a long text', async () => {
    const mail = await mailOf(firm.acme.approver, [{ name: 'last.pdf' }]);
    const files = JSON.stringify({ mail, list: [{ name: 'last.pdf', size: 13, type: 'application/pdf' }] });
    await run(firm.acme.approver, 'ticket.reply', { ticket, body: 'long '.repeat(2_000), files });
    const thread = await showView(app, as(firm, firm.admin), { target: 'ticket.thread', input: { ticket } });
    const drawn = JSON.stringify(renderMessage({ ...thread, blocks: thread.blocks.slice(-1), actions: [] }));

    expect(drawn).toContain('…');
    expect(drawn).toContain('last.pdf (13 bytes)');
  });

  test('is one of twenty: all are on the message, each under its own number', async () => {
    const files = Array.from({ length: 20 }, (_, index) => ({
      name: `${index + 1}.txt`,
      content: `file ${index + 1}`,
    }));
    const { message } = await said(firm.acme.approver, files);
    const thread = await showView(app, as(firm, firm.admin), { target: 'ticket.thread', input: { ticket } });

    expect(await (await get(firm.admin, message, 20)).text()).toBe('file 20');
    expect(await (await get(firm.admin, message, 7)).text()).toBe('file 7');
    expect(JSON.stringify(thread)).toContain(
      '[20 files: 1.txt (6 bytes), 2.txt (6 bytes), 3.txt (6 bytes) and 17 more]',
    );
  });

  test('is said to be gone when its mail was swept away, whole or its body alone, and too large of a mail kept in part', async () => {
    const { message, mail } = await said(firm.acme.approver, [{ name: 'plan.pdf' }]);
    await owner(`update inbox set kind = 'stub' where id = $1`, [mail]);
    const part = await get(firm.admin, message);
    await owner(`update inbox set kind = 'mail', body = '' where id = $1`, [mail]);
    const empty = await get(firm.admin, message);
    await owner(`delete from inbox where id = $1`, [mail]);
    const none = await get(firm.admin, message);

    expect([part.status, empty.status, none.status]).toEqual([410, 410, 410]);
    expect(await part.text()).toContain('above 25 MB');
    expect(await empty.text()).toContain('not kept any more');
    expect(await none.text()).toContain('not kept any more');
  });

  test('is asked for at the pace of its link, whichever file it is', async () => {
    const { message } = await said(firm.acme.approver, [{ name: 'plan.pdf' }]);
    const link = linkOf(firm.admin, message);
    const statuses = [];
    for (let number = 100; number < 170; number += 1)
      statuses.push((await fetch(`${origin}${link}/files/${message}/${number}`)).status);

    expect(statuses.filter((status) => status === 404).length).toBeGreaterThanOrEqual(60);
    expect(statuses.at(-1)).toBe(429);
  });

  test('leaves no link in the log', async () => {
    const { message } = await said(firm.acme.approver, [{ name: 'plan.pdf' }]);
    const link = linkOf(firm.admin, message);
    await fetch(`${origin}${link}/files/${message}/1`);

    expect(logged.join('')).toContain('a file was asked for');
    expect(logged.join('')).not.toContain(link.slice(3, 60));
  });

  test('can be claimed by nobody whose mail it did not come with', async () => {
    const mail = await mailOf(firm.globex.clientAdmin, [{ name: 'plan.pdf' }]);
    const files = JSON.stringify({ mail, list: [{ name: 'plan.pdf', size: 1, type: 'application/pdf' }] });
    const claim = run(firm.acme.approver, 'ticket.reply', { ticket, body: 'Mine', files });

    await expect(claim).rejects.toMatchObject({ code: 'forbidden' });
  });
});

test('mails are taken apart one after the other, and whoever comes when many wait is told to come again', async () => {
  const read = openFileReader();
  let loaded = 0;
  const load = async () => {
    loaded += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(loaded).toBe(1);
    loaded -= 1;
    return Buffer.from('Subject: none\r\n\r\n');
  };
  const asked = await Promise.allSettled(Array.from({ length: 22 }, () => read(load, 1)));

  expect(asked.map(({ status }) => status)).toEqual([...Array(20).fill('fulfilled'), 'rejected', 'rejected']);
});

test('a mail that takes too long to take apart is given up', async () => {
  const read = openFileReader(1);

  await expect(read(async () => Buffer.alloc(1_000_000, 'a: b\r\n'), 1)).rejects.toThrow(/within 1 ms/);
});
