import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createClient } from '@hey-api/openapi-ts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Api } from '../testing/api.ts';
import { keyFor, serveApi } from '../testing/api.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import type { TestFirm } from '../testing/firm.ts';
import { as, makeFirm } from '../testing/firm.ts';

/*
 * The client that docs/api.md tells how to make: generated from the description of a hub, checked by the compiler, and used.
 */
const run = promisify(execFile);
const TSC = fileURLToPath(import.meta.resolve('typescript/lib/tsc.js'));
const OPTIONS = {
  ...{ noEmit: true, strict: true, skipLibCheck: true, allowImportingTsExtensions: true, verbatimModuleSyntax: true },
  ...{ module: 'nodenext', target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable'], types: [] },
};

let app: TestApp;
let firm: TestFirm;
let api: Api;
let folder: string;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  api = await serveApi(app);
  folder = await mkdtemp(join(tmpdir(), 'parley-client-'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await createClient({
    input: `${api.base}/openapi.json`,
    output: { path: join(folder, 'parley'), module: { extension: '.ts' } },
    logs: { level: 'silent', file: false },
  });
}, 90_000);
afterAll(async () => {
  await api?.stop();
  await app?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function program(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** What the compiler objects to. */
async function compile(path: string): Promise<string[]> {
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: OPTIONS, files: [path] }));
  return run(process.execPath, [TSC, '--project', folder]).then(
    () => [],
    ({ stdout }: { stdout: string }) => stdout.trim().split('\n'),
  );
}

test('a program that uses the generated client compiles, and files a ticket and reads it', async () => {
  const path = await program(
    'use.ts',
    `import { client } from './parley/client.gen.ts';
import { ticketFileBug, ticketShow } from './parley/sdk.gen.ts';

const [key, project] = process.argv.slice(2) as [string, string];
declare const process: { argv: string[] };
client.setConfig({ auth: key });
const filed = await ticketFileBug({
  body: { project, title: 'The pay button', description: 'It does nothing.' },
  headers: { 'Idempotency-Key': 'order-1' },
});
if (!filed.data?.id) throw new Error(JSON.stringify(filed.error));
const shown = await ticketShow({ query: { ticket: filed.data.id } });
console.log(shown.data?.ticket.title, shown.data?.ticket.state.status);
const refused = await ticketShow({ query: { ticket: project } });
console.log(refused.error?.code, refused.error?.detail.length);
`,
  );
  const { key } = await keyFor(app, as(firm, firm.acme.clientAdmin));

  expect(await compile(path)).toEqual([]);
  const { stdout } = await run(process.execPath, [path, key, firm.acme.project]);
  expect(stdout).toMatch(/^The pay button new\nnot_found \d+\n$/);
}, 90_000);

test('the compiler finds what the API does not take', async () => {
  const path = await program(
    'misuse.ts',
    `import { ticketFileBug, ticketShow } from './parley/sdk.gen.ts';

await ticketFileBug({ body: { project: 'x', title: 7, description: 'y' } });
await ticketShow({ query: { tickets: 'x' } });
`,
  );
  const faults = await compile(path);

  expect(faults.filter((fault) => fault.includes('misuse.ts(3,') || fault.includes('misuse.ts(4,'))).toHaveLength(2);
}, 90_000);
