import type { ClientRequest } from 'node:http';
import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { memoryStorage, testApp } from '../../testing/app.ts';
import { Browser } from '../../testing/browser.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import { fromChat } from '../../testing/new-browser.ts';
import { servePages } from '../../testing/pages.ts';
import type { Who } from '../kernel/actor.ts';
import { answerPress } from '../kernel/answer.ts';
import { encodePress } from '../kernel/card.ts';
import type { Scanning, Storage } from '../kernel/files.ts';
import { filesIn, MEGABYTE } from '../kernel/files.ts';
import { runCommand, showView } from '../kernel/registry.ts';

const NO = expect.stringMatching(/^(not_found|forbidden)$/);
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

let app: TestApp;
let firm: TestFirm;
let pages: Awaited<ReturnType<typeof servePages>>;
let count = 0;
/** What lies in the storage, and how often something was brought there. */
const kept = new Map<string, Buffer>();
let puts = 0;
/** One that asks for files, and the browser of somebody of the client on its form. */
let requirement: string;
let client: Browser;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  keepIn('off');
  pages = await servePages(app);
});
afterAll(async () => {
  await pages.stop();
  await app.close();
});
beforeEach(async () => {
  kept.clear();
  puts = 0;
  keepIn('off');
  const typed = { project: firm.acme.project, kind: 'files', title: 'The logo' };
  requirement = String((await run(as(firm, firm.admin), 'requirement.ask', typed)).id);
  client = await fromChat(app, as(firm, firm.acme.approver), form());
});

function keepIn(scanning: Scanning): void {
  const { put, ...rest } = memoryStorage(kept);
  const counted: Storage['put'] = (name, content) => {
    puts += 1;
    return put(name, content);
  };
  Object.assign(app, { files: filesIn({ ...rest, put: counted }, scanning, MEGABYTE) });
}
/** A storage that keeps nothing before it is told to go on. */
function holding(): { storage: Storage; began: Promise<void>; goOn(): void } {
  const [started, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { put, ...rest } = memoryStorage(kept);
  const storage: Storage = {
    ...rest,
    put: async (name, content) => {
      started.resolve();
      await gate.promise;
      await put(name, content);
    },
  };
  return { storage, began: started.promise, goOn: gate.resolve };
}
const form = () => ({ target: 'requirement.provide-files', input: { requirement, version: '1' } });
const run = async (who: Who, name: string, input: Record<string, unknown>) =>
  (await runCommand(app, who, { name, input, requestId: `test ${++count}` })).output as Record<string, string>;
const owner = (text: string, values: unknown[] = []) => asOwner(app.database)(text, values);
const files = () => owner('select * from requirement_file where requirement_id = $1 order by place', [requirement]);
const logo = (content: string | Uint8Array<ArrayBuffer> = 'words', name = 'logo.txt', type = 'text/plain') => ({
  ...{ field: 'field-files', name, type, content },
});

type Part = readonly [field: string, content: string, name?: string];

/** Sends the client's form byte by byte, as no browser would; the whole of it, unless `cut` bytes at its end are missing. */
async function sendRaw(parts: readonly Part[], cut = 0): Promise<{ request: ClientRequest; status: Promise<number> }> {
  const body = new FormData();
  for (const [field, value] of Object.entries(client.formOf('>Send the files</button>'))) body.append(field, value);
  for (const [field, content, name] of parts)
    if (name === undefined) body.append(field, content);
    else body.append(field, new Blob([content]), name);
  const whole = new Response(body);
  const bytes = Buffer.from(await whole.arrayBuffer());
  const sent = bytes.subarray(0, bytes.length - cut);
  const headers = {
    ...{ 'Content-Type': whole.headers.get('content-type') ?? '', 'Content-Length': sent.length, Cookie: cookies() },
    ...{ Origin: 'null', 'Sec-Fetch-Site': 'same-origin' },
  };
  const post = request(`${pages.origin}/app`, { method: 'POST', headers });
  const status = new Promise<number>((resolve) => {
    post.on('response', (response) => resolve(response.resume().statusCode ?? 0));
    post.on('error', () => resolve(0));
  });
  await new Promise<void>((resolve) => post.end(sent, resolve));
  return { request: post, status };
}
const cookies = () => [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
const nothingKept = async () => {
  for (const until = Date.now() + 10_000; kept.size && Date.now() < until; ) await setTimeout(20);
  expect([kept.size, await files()]).toEqual([0, []]);
};

test('files are sent from the page alone, are sealed, and wait until the firm accepts them', async () => {
  expect(client.html).toContain('enctype="multipart/form-data"');
  expect(client.html).toMatch(/<input type="file" multiple/);

  await client.pressWithFiles('Send the files', [logo('one'), logo('two', 'two.txt')]);

  expect(client.html).toContain('is provided with 2 files');
  expect(await files()).toMatchObject([
    { name: 'logo.txt', type: 'text/plain', size: 3, scan: 'off', round: 1, place: 1 },
    { name: 'two.txt', size: 3, place: 2 },
  ]);
  expect(kept.size).toBe(2);
  expect(Buffer.concat([...kept.values()]).includes('one')).toBe(false);
  const card = JSON.stringify(
    await showView(app, as(firm, firm.admin), { target: 'requirement.show', input: { requirement } }),
  );
  expect(card).toContain('Files, not accepted yet');
});

test('in a chat the form leads to the page, and a made-up text in place of files is none', async () => {
  for (const text of ['made up', 'eyJ0ZW5hbnRJZCI6IiJ9.c2ln']) {
    await client.press('Send the files', { 'field-files': text });
    expect(client.status).toBe(422);
  }
  const chat = as(firm, firm.acme.approver);
  const answer = await answerPress(app, chat, { press: form(), requestId: 'chat', form: { files: 'made up' } });
  expect(answer).toMatchObject({ kind: 'refused', code: 'forbidden' });
  expect(await files()).toEqual([]);
});

test('a file is handed out to be saved, to whoever may see it, and to nobody else', async () => {
  await client.pressWithFiles('Send the files', [logo(SVG, '../../logo.svg', 'image/svg+xml')]);
  const [file] = await files();
  expect(file).toMatchObject({ name: 'logo.svg', type: 'application/octet-stream' });
  const press = { target: 'requirement.file', input: { file: String(file?.id) } };

  const got = await fetch(`${pages.origin}/app/${encodePress(press)}`, {
    headers: { Cookie: cookies() },
    redirect: 'manual',
  });
  expect([got.status, await got.text()]).toEqual([200, SVG]);
  expect(Object.fromEntries(got.headers)).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': 'attachment; filename=logo.svg',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
  });

  for (const other of [firm.globex.approver, firm.acme.feedback])
    await expect(showView(app, as(firm, other), press)).rejects.toMatchObject({ code: NO });
  const rival = await makeFirm(app.database, 'Rival & Sons');
  await expect(showView(app, as(rival, rival.admin), press)).rejects.toMatchObject({ code: NO });
  const foreign = await fromChat(app, as(firm, firm.globex.approver));
  await foreign.open(`/app/${encodePress(press)}`);
  expect([foreign.status, foreign.html.includes(SVG)]).toEqual([404, false]);
});

test('a file above the limit is cut off, and nothing of what was sent is kept', async () => {
  await client.pressWithFiles('Send the files', [logo('small'), logo(new Uint8Array(MEGABYTE + 1), 'large.bin')]);

  expect(client.status).toBe(422);
  expect(client.html).toContain('“large.bin” is larger than 1 MB, which is the most');
  expect(kept.size).toBe(0);
  expect(await files()).toEqual([]);
});

test('while the scanner is down nothing is taken, and what it finds is refused', async () => {
  keepIn({ begin: () => Promise.reject(new Error('connection refused')) });
  await client.pressWithFiles('Send the files', [logo()]);
  expect(client.status).toBe(503);
  expect(client.html).toContain('The scan for viruses has no answer just now');

  keepIn({ begin: async () => ({ write: async () => undefined, end: async () => 'Eicar', abort: () => undefined }) });
  client = await fromChat(app, as(firm, firm.acme.approver), form());
  await client.pressWithFiles('Send the files', [logo()]);
  expect(client.html).toContain('was refused by the scan for viruses: Eicar');
  expect([kept.size, await files()]).toEqual([0, []]);
});

test('a file that was taken unscanned is not handed out where files are scanned', async () => {
  await client.pressWithFiles('Send the files', [logo()]);
  const [file] = await files();
  keepIn({ begin: async () => ({ write: async () => undefined, end: async () => null, abort: () => undefined }) });

  await client.open(`/app/${encodePress({ target: 'requirement.file', input: { file: String(file?.id) } })}`);
  expect(client.status).toBe(503);
  expect(client.html).toContain('was never scanned');
});

test('a form of another page or session, and one for what asks for no files, stores no byte', async () => {
  await client.pressWithFiles('Send the files', [logo()], { seal: 'forged' });
  expect([client.status, puts]).toEqual([403, 0]);

  client = await fromChat(app, as(firm, firm.acme.approver), form());
  await client.pressWithFiles('Send the files', [{ ...logo(), field: 'field-other' }]);
  expect(client.html).toContain('No files are asked for here');
  expect(puts).toBe(0);

  for (const fields of [['field-constructor'], ['field-files', 'field-title']]) {
    client = await fromChat(app, as(firm, firm.acme.approver), form());
    await client.pressWithFiles(
      'Send the files',
      fields.map((field) => ({ ...logo(), field })),
    );
    expect([client.status, kept.size]).toEqual([403, 0]);
  }
});

test('whoever may not send them any more, since they opened the form, stores no byte', async () => {
  const role = (role: string) =>
    owner('update membership set role = $2 where person_id = $1', [firm.acme.approver, role]);
  await role('viewer');
  await client.pressWithFiles('Send the files', [logo()]);
  await role('approver');

  expect(client.html).not.toContain('is provided');
  expect([puts, await files()]).toEqual([0, []]);
});

test('a form that breaks off in the middle is refused, and what was stored of it is removed', async () => {
  // The last line says that there is no more.
  const nameless: Part = ['field-files', 'words', ''];
  const whole: Part = ['field-files', 'words', 'a.txt'];
  for (const parts of [[nameless], [whole, whole]]) expect(await (await sendRaw(parts, 40)).status).toBe(400);
  await nothingKept();

  await client.pressWithFiles('Send the files', [logo()]);
  expect(client.html).toContain('is provided with 1 file');
});

// By their size, all of them were read when it leaves, or sent and not read, or not even sent.
test.each([10_000, 30_000, 45_000, 60_000, 75_000, 100_000])(
  'a browser that leaves while its files are scanned leaves all of them or none (%i bytes each)',
  async (size) => {
    const { storage, began, goOn } = holding();
    Object.assign(app, { files: filesIn(storage, 'off', MEGABYTE) });
    const content = 'x'.repeat(size);
    const names = ['a.txt', 'b.txt', 'c.txt'];
    const { request: post } = await sendRaw(names.map((name) => ['field-files', content, name]));
    await began;
    await setTimeout(200);
    post.destroy();
    await setTimeout(200);
    goOn();
    await setTimeout(300);

    const isSettled = async () => kept.size === (await files()).length;
    for (const until = Date.now() + 10_000; !(await isSettled()) && Date.now() < until; ) await setTimeout(50);
    const left = await files();
    expect(kept.size).toBe(left.length);
    expect([0, 3]).toContain(left.length);
  },
);

test('what stands behind the files does not change what they are for', async () => {
  const typed = { project: firm.acme.project, kind: 'words', title: 'The address' };
  const words = String((await run(as(firm, firm.admin), 'requirement.ask', typed)).id);
  const other = { target: 'requirement.provide-words', input: { requirement: words, version: '1' } };
  const page = new Browser(pages.origin, {});
  for (const [name, value] of client.cookies) page.cookies.set(name, value);
  await page.open(`/app/${encodePress(other)}`);
  const hidden = Object.entries(page.formOf('name="field-')).filter(([name]) => /^(press|view|once|seal)$/.test(name));
  expect(hidden).toHaveLength(4);

  const { status } = await sendRaw([['field-files', 'words', 'a.txt'], ...hidden]);

  expect(await status).toBe(200);
  expect(await files()).toMatchObject([{ name: 'a.txt' }]);
  expect(await owner('select status, answer from requirement where id = $1', [words])).toEqual([
    { status: 'asked', answer: null },
  ]);
});

test('one person sends three forms at a time', async () => {
  const { storage, began, goOn } = holding();
  Object.assign(app, { files: filesIn(storage, 'off', MEGABYTE) });
  const first = [await sendRaw([['field-files', 'one', 'a.txt']])];
  await began;
  for (const name of ['b.txt', 'c.txt']) first.push(await sendRaw([['field-files', 'two', name]]));
  await setTimeout(200);

  const { status } = await sendRaw([['field-files', 'four', 'd.txt']]);
  expect(await status).toBe(503);
  goOn();

  const done = await Promise.all(first.map((one) => one.status));
  expect(done.filter((one) => one === 200)).not.toEqual([]);
  expect([kept.size, (await files()).length]).toEqual([1, 1]);
});

test('sent twice it is taken once, and what came a second time is removed', async () => {
  const form = client.html;
  await client.pressWithFiles('Send the files', [logo()]);
  client.html = form;
  await client.pressWithFiles('Send the files', [logo()]);

  expect(client.html).toContain('This was done already');
  expect([kept.size, (await files()).length]).toEqual([1, 1]);
});

test('nobody is asked for files where none can be taken', async () => {
  keepIn(null);
  const asked = run(as(firm, firm.admin), 'requirement.ask', {
    ...{ project: firm.acme.project, kind: 'files', title: 'The logo' },
  });

  await expect(asked).rejects.toMatchObject({ code: 'invalid', say: expect.stringContaining('PARLEY_SCAN') });
});
