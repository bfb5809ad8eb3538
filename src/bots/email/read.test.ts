import { describe, expect, test } from '@jest/globals';
import { openReader } from './read.ts';

const read = openReader();
const mail = (head: string, body: string) => read(Buffer.from(`${head}\r\n\r\n${body}`));

describe('a mail is read', () => {
  test('with its text, its files, and without the pictures of its signature', async () => {
    const parts = [
      'Content-Type: text/plain; charset=utf-8\r\n\r\nAPPROVE – schön',
      'Content-Type: application/pdf; name=plan.pdf\r\nContent-Disposition: attachment; filename=plan.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nSGk=',
      'Content-Type: image/png\r\nContent-ID: <logo>\r\nContent-Disposition: inline; filename=logo.png\r\n\r\nx',
    ];
    const found = await mail(
      'Content-Type: multipart/related; boundary=b',
      `${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--`,
    );

    expect(found).toMatchObject({ body: 'APPROVE – schön', quoted: '', deliveryStatus: null });
    expect(found.files).toEqual([{ name: 'plan.pdf', size: expect.any(Number), type: 'application/pdf' }]);
  });

  test('from its HTML when it has no text, quotes folded', async () => {
    const html =
      '<div>APPROVE</div><br><div>On Sat, Nov 21, 2026 Northwind &lt;hub@x.example&gt; wrote:</div><blockquote><p>– Write your answer above this line –</p><h1>Checkout</h1></blockquote>';

    const alone = await mail('Content-Type: text/html; charset=utf-8', html);
    const beside = await mail(
      'Content-Type: multipart/mixed; boundary=b',
      `--b\r\nContent-Type: text/html\r\n\r\n${html}\r\n--b--`,
    );

    expect(alone.body).toBe('APPROVE');
    expect(beside.body).toBe('APPROVE');
    expect(alone.quoted).toMatch(/checkout/i);
  });
});

describe('a mail that was made to do harm', () => {
  test('by its nesting or its number of parts is refused, and the next one is read', async () => {
    const nested = Array.from(
      { length: 20_000 },
      (_, index) => `Content-Type: multipart/mixed; boundary=b${index}\r\n\r\n--b${index}\r\n`,
    ).join('');
    const parts = '--b\r\nContent-Type: application/x\r\n\r\nx\r\n'.repeat(50_000);

    await expect(mail('X: y', '')).resolves.toMatchObject({ body: '' });
    await expect(read(Buffer.from(nested))).rejects.toMatchObject({ name: 'UnreadableMail' });
    await expect(mail('Content-Type: multipart/mixed; boundary=b', parts)).rejects.toMatchObject({
      name: 'UnreadableMail',
    });
    await expect(mail('Subject: next', 'fine')).resolves.toMatchObject({ body: 'fine' });
  });

  test('by deeply nested HTML gives what stands between its tags', async () => {
    await expect(mail('Content-Type: text/html', `${'<div>'.repeat(400_000)}APPROVE`)).resolves.toMatchObject({
      body: '',
    });
    await expect(mail('Content-Type: text/html', `${'<div>'.repeat(40_000)}APPROVE`)).resolves.toMatchObject({
      body: 'APPROVE',
    });
  });

  test('by a text on which the parser of quotes never ends is folded by its lines', async () => {
    const found = await mail('Subject: x', `fine\n\n${'\n'.repeat(60_000)}x\n> quoted`);

    expect(found.body.startsWith('fine')).toBe(true);
    expect(found.body).not.toContain('> quoted');
    expect(found.quoted).toContain('> quoted');
  });

  test('by the time it takes is given up, and its thread is ended', async () => {
    const impatient = openReader({ readMilliseconds: 1, foldMilliseconds: 1 });

    await expect(impatient(Buffer.from('X: y\r\n\r\nhi'))).rejects.toMatchObject({
      name: 'UnreadableMail',
      message: 'it could not be read within 1 ms',
    });
  });

  test('by its size alone does no harm', async () => {
    const before = process.memoryUsage().rss;
    // How long it may take is tried below: here it may take what a busy machine needs.
    const patient = openReader({ readMilliseconds: 60_000, foldMilliseconds: 3_000 });
    const lines = 'hello world\r\n'.repeat((24 * 1024 * 1024) / 13);
    const found = await patient(Buffer.from(`Subject: x\r\n\r\n${lines}`));

    expect(found.body.startsWith('hello world')).toBe(true);
    expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(700);
  });
});
