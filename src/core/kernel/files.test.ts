import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { memoryStorage } from '../../testing/app.ts';
import { handedOutAs, nameOfType, typeOf } from './file-type.ts';
import type { Scanner, Scanning, SentFile } from './files.ts';
import { filesIn, MEGABYTE } from './files.ts';

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(50_000, 7)]);

const sent = (content: Buffer, more: Partial<SentFile> = {}): SentFile => ({
  ...{ name: 'logo.png', type: 'image/png', content: Readable.from([content]), ...more },
});
/** Files in memory, and what is stored of them. */
function files(scanning: Scanning = 'off', most = MEGABYTE) {
  const kept = new Map<string, Buffer>();
  return { kept, files: filesIn(memoryStorage(kept), scanning, most) };
}
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'was allowed',
    (error: { code?: string; say?: string }) => `${error.code}: ${error.say}`,
  );
/** A scanner that says this of everything, or has no answer at one of its steps. */
const scanner = (says: string | null, fails?: 'begin' | 'write' | 'end'): Scanner => {
  const step = async <T>(name: string, value: T): Promise<T> => {
    if (name === fails) throw new Error('connection refused');
    return value;
  };
  return {
    begin: () =>
      step('begin', { write: () => step('write', undefined), end: () => step('end', says), abort: () => undefined }),
  };
};

describe('a file', () => {
  test('is sealed before it is stored, and comes out as it was', async () => {
    const { kept, files: store } = files();

    const { key, ...taken } = await store.take(sent(PNG));

    const [bytes] = [...kept.values()];
    expect(bytes?.includes(PNG.subarray(0, 40))).toBe(false);
    expect(taken).toMatchObject({ name: 'logo.png', type: 'image/png', size: PNG.length, scan: 'off' });
    const out: Uint8Array[] = [];
    for await (const piece of await store.open({ ...taken, key: Buffer.from(key, 'base64url') })) out.push(piece);
    expect(Buffer.concat(out).equals(PNG)).toBe(true);
  });

  test('that is larger than allowed is cut off in the middle, and nothing of it is kept', async () => {
    const { kept, files: store } = files();
    let read = 0;
    async function* endless() {
      for (; read < 1_000; ) {
        read += 1;
        yield Buffer.alloc(100_000);
      }
    }

    expect(await refusal(store.take(sent(PNG, { content: endless() })))).toBe(
      'invalid: Please check: files: “logo.png” is larger than 1 MB, which is the most',
    );
    expect(read).toBeLessThan(20);
    expect(kept.size).toBe(0);
  });

  test('with nothing in it is refused', async () => {
    expect(await refusal(files().files.take(sent(Buffer.alloc(0))))).toContain('is empty');
  });

  test('in which the scan finds something is refused, and nothing of it is kept', async () => {
    const { kept, files: store } = files(scanner('Eicar-Signature'));

    expect(await refusal(store.take(sent(PNG)))).toContain('was refused by the scan for viruses: Eicar-Signature');
    expect(kept.size).toBe(0);
  });

  test.each(['begin', 'write', 'end'] as const)('is not taken while the scanner is down (%s)', async (step) => {
    const { kept, files: store } = files(scanner(null, step));

    expect(await refusal(store.take(sent(PNG)))).toContain('unavailable: The scan for viruses has no answer just now');
    expect(kept.size).toBe(0);
  });

  test('is not taken where nobody has said how files are scanned, and not handed out where it never was', async () => {
    expect(await refusal(files(null).files.take(sent(PNG)))).toContain('PARLEY_SCAN');
    const { kept, files: store } = files('off');
    const { key, ...taken } = await store.take(sent(PNG));
    const scanned = filesIn(memoryStorage(kept), scanner(null), MEGABYTE);

    expect(await refusal(scanned.open({ ...taken, key: Buffer.from(key, 'base64url') }))).toContain(
      'was never scanned',
    );
  });

  test('has a name that is no path, and nothing that turns or hides its ending', async () => {
    const nameOf = async (name: string) =>
      (await files().files.take(sent(Buffer.from('words'), { name, type: 'text/plain' }))).name;

    expect(await nameOf('../../etc/passwd')).toBe('passwd');
    expect(await nameOf('..\\..\\boot.ini')).toBe('boot.ini');
    expect(await nameOf('a\u0000b\u202egnp.exe\n')).toBe('abgnp.exe');
    expect(await nameOf('..')).toBe('file');
  });
});

describe('what a file is', () => {
  test('is told by its content, and a picture that is none is bytes', () => {
    expect(typeOf(PNG, 'text/html')).toBe('image/png');
    expect(typeOf(Buffer.from('%PDF-1.7'), 'image/png')).toBe('application/pdf');
    expect(typeOf(Buffer.from('MZ'), 'image/png')).toBe('application/octet-stream');
    expect(typeOf(Buffer.from('words'), 'text/plain; charset=utf-8')).toBe('text/plain');
    expect(typeOf(Buffer.from('words'), 'nonsense')).toBe('application/octet-stream');
  });

  test.each([
    'image/svg+xml',
    'text/html',
    'application/xhtml+xml',
    'text/xml',
    'application/javascript',
    'text/plain',
  ])('is never what a browser runs a script of: %s', (declared) => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');

    expect(typeOf(svg, declared)).toBe('application/octet-stream');
    expect(handedOutAs(declared)).toBe(declared === 'text/plain' ? declared : 'application/octet-stream');
  });

  test('and its name ends in what it is', () => {
    expect(nameOfType('logo.exe', 'image/png')).toBe('logo.exe.png');
    expect(nameOfType('Logo.JPG', 'image/jpeg')).toBe('Logo.JPG');
    expect(nameOfType('table.xlsx', 'application/octet-stream')).toBe('table.xlsx');
  });
});
