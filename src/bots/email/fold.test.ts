import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { computed } from '../../testing/computing.ts';
import { foldAnswer, foldByLines } from './fold.ts';
import { MARKER } from './limits.ts';

/** Every character that is no blank, sorted: what folding must not lose. */
const letters = (text: string) => [...text.replaceAll(/\s/g, '')].sort().join('');

describe('folding an answer', () => {
  test.each([
    [
      'Gmail',
      `Looks good!\n\nOn Sat, Nov 21, 2026 at 9:12 AM Northwind <hub@x.example> wrote:\n\n> ${MARKER}\n>\n> Checkout redesign`,
    ],
    [
      'Outlook, which marks nothing',
      `Looks good!\n\n________________________________\nFrom: Northwind <hub@x.example>\nSent: Saturday, 21 November 2026 09:12\nTo: Bob\nSubject: Checkout\n\n${MARKER}\n\nCheckout redesign\nApprove: https://x.example`,
    ],
    [
      'a German Apple Mail',
      `Looks good!\n\nAm 21.11.2026 um 09:12 schrieb Northwind <hub@x.example>:\n\n> ${MARKER}\n> Checkout redesign`,
    ],
    ['with CRLF and a signature', `Looks good!\r\n\r\n-- \r\nBob\r\n\r\n> ${MARKER}\r\n> Checkout redesign`],
  ])('keeps what was written above the quote: %s', (_name, text) => {
    const { body, quoted } = foldAnswer(text);

    expect(body).toBe('Looks good!');
    expect(quoted).toContain('Checkout redesign');
    expect(letters(body + quoted)).toBe(letters(text));
  });

  test('keeps what was written below the quote', () => {
    const { body, quoted } = foldAnswer(`On Sat, Bob wrote:\n> ${MARKER}\n> Checkout redesign\n\nAll fine from here.`);

    expect(body).toBe('All fine from here.');
    expect(quoted).toContain('Checkout redesign');
  });

  test('takes a mail that looks like nothing but a signature as said', () => {
    expect(foldAnswer('-1')).toEqual({ body: '-1', quoted: '', clear: true });
  });

  test('loses nothing of any text, and neither does the one by lines', () => {
    const line = fc.constantFrom(
      'Hi',
      '> quoted',
      '>> more',
      '-- ',
      'Bob',
      '',
      'On Sat, Bob wrote:',
      'From: Bob <b@x.example>',
      `> ${MARKER}`,
      MARKER,
      '-Bob',
      'Sent from my iPhone',
      '_____',
      'APPROVE',
      '  indented',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), fc.constantFrom(foldAnswer, foldByLines), (lines, fold) => {
        const { body, quoted } = fold(lines.join('\n'));
        expect(letters(body + quoted)).toBe(letters(lines.join('\n')));
      }),
    );
  });

  test('by lines takes time that grows with the text alone', () => {
    const started = computed();
    for (const text of [
      'On a\n'.repeat(200_000),
      '\n'.repeat(1_000_000),
      ' '.repeat(1_000_000),
      'Am um schrieb '.repeat(70_000),
      `On ${'x'.repeat(1_000_000)}`,
    ])
      foldByLines(text);

    expect(computed() - started).toBeLessThan(2_000);
  });
});

/** What stands in the first line of each real mail, and a line of what it quotes (or its signature), which must not leak. */
const REAL: Readonly<Record<string, { first: string; folded?: string }>> = {
  correct_sig: { first: 'this is an email with a correct -- signature.', folded: 'rick' },
  email_1_1: { first: 'Hi folks', folded: 'riak-users mailing list' },
  email_1_2: { first: 'Hi,', folded: '> Hi folks' },
  email_1_3: { first: 'Oh thanks.', folded: '> Hi,' },
  email_1_4: { first: "Awesome! I haven't had another problem with it.", folded: '> Loader seems to be working well.' },
  email_1_5: { first: "One: Here's what I've got." },
  email_1_6: { first: 'I get proper rendering as well.', folded: '> Was this caching related' },
  email_1_7: { first: ':+1:', folded: '> Steps 0-2' },
  email_1_8: { first: 'I will reply under this one', folded: '> okay.' },
  email_2_1: { first: 'Outlook with a reply', folded: 'Dear Google Apps Sync user' },
  email_2_2: { first: 'Outlook with a reply directly above line', folded: 'I am replying to a comment.' },
  email_2_3: { first: 'Outlook with a reply directly above line', folded: '> I am replying to a comment.' },
  email_BlackBerry: { first: 'Here is another email', folded: 'Sent from my BlackBerry' },
  email_bullets: { first: 'test 2 this should list second', folded: '> Give us an example' },
  email_iPhone: { first: 'Here is another email', folded: 'Sent from my iPhone' },
  email_long_quote: { first: 'Hi folks' },
  email_multi_word_sent_from_my_mobile_device: { first: 'Here is another email', folded: 'Sent from my Verizon' },
  email_one_is_not_on: { first: 'Thank, this is really helpful.', folded: '> The good news' },
  email_sent_from_my_not_signature: { first: 'Here is another email' },
  email_sig_delimiter_in_middle_of_line: { first: 'Hi there!' },
  greedy_on: { first: 'On your remote host you can run:', folded: '> I am having an odd issue' },
  pathological: {
    first: "I think you're onto something. I will try to fix the problem as soon as I",
    folded: '> I think your code',
  },
};

/** Measured with node-email-reply-parser 0.1.4; a worse score is a step back. */
const FLOOR = 22;

test('real mails of the world are folded well', () => {
  const folder = join(import.meta.dirname, '../../../../shared/mail/email_reply_parser');
  if (!existsSync(folder)) {
    console.log('Real mails were not checked: ../shared/mail is not here.');
    return;
  }
  const bad = Object.entries(REAL).filter(([name, { first, folded }]) => {
    const { body } = foldAnswer(readFileSync(join(folder, `${name}.txt`), 'utf8'));
    const leaks = body
      .split('\n')
      .some((line) => /^\s*>/.test(line) || (folded !== undefined && line.includes(folded)));
    return body.split('\n')[0]?.trim() !== first || leaks;
  });
  const good = Object.keys(REAL).length - bad.length;
  console.log(
    `Real mails folded well: ${good} of ${Object.keys(REAL).length}${bad.length ? `; not: ${bad.map(([name]) => name).join(', ')}` : ''}.`,
  );

  expect(good).toBeGreaterThanOrEqual(FLOOR);
});
