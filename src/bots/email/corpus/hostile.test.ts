import { afterAll, describe, expect, test } from '@jest/globals';
import { openReader, UnreadableMail } from '../read.ts';
import { firstWord } from '../words.ts';

/* What becomes of mails in which a word is hidden, quoted, forwarded, conditional or buried; `npm run mail:quality`. */
const words = { APPROVE: 'cycle.approve?cycle=1', DISPUTE: 'cycle.dispute-form?cycle=1', HISTORY: 'cycle.history' };
const read = openReader();
const rows: string[] = [];

const WHITE = 'color:#ffffff';
const OURS =
  '<blockquote class="gmail_quote"><div>– Write your answer above this line –</div><div>APPROVE</div></blockquote>';

/** `pressed`: the word acts. `asked`: its writer is asked to confirm on the page, the text is in the thread. `said`: a message. */
type Fate = 'pressed' | 'asked' | 'said';
type Hostile = readonly [name: string, fate: Fate, html: string | null, text?: string];

const CASES: readonly Hostile[] = [
  // What a person means presses.
  ['the word alone', 'pressed', null, 'APPROVE'],
  ['the word in small letters with a full stop', 'pressed', null, 'approve.'],
  [
    'the word above our quote',
    'pressed',
    null,
    'APPROVE\n\nOn Mon, Nov 2, 2026 at 10:15 AM N <h@n.example> wrote:\n> APPROVE',
  ],
  ['the word above a signature', 'pressed', null, 'APPROVE\n\n-- \nBob Example\nAcme Ltd'],
  ['the word above a telephone’s signature', 'pressed', null, 'Approve\n\nSent from my iPhone'],
  ['the word above a closing', 'pressed', null, 'APPROVE\n\nKind regards,\nBob'],
  ['the word below our quote', 'pressed', null, '> – Write your answer above this line –\n> Checkout\n\nAPPROVE'],
  ['the word in HTML', 'pressed', `<div>APPROVE</div>${OURS}`],
  ['the word as text and as HTML', 'pressed', '<p>Approve!</p>', 'Approve!'],
  ['white words on a dark ground', 'pressed', `<body style="background:#111"><p style="${WHITE}">APPROVE</p></body>`],
  // More than the word asks.
  ['a condition on the next line', 'asked', null, 'APPROVE\nonly if the header is fixed first, otherwise NOT.'],
  ['a condition after an empty line', 'asked', null, 'Approve\n\nBut not before Monday.'],
  ['a condition on the line', 'asked', null, 'APPROVE once the header is mended'],
  ['a condition far below', 'asked', null, `APPROVE${'\n'.repeat(40)}unless the price changed`],
  ['a condition below a line of dashes', 'asked', null, 'APPROVE\n----\nonly if the price stays the same.'],
  ['a condition in the place of a signature', 'asked', null, 'APPROVE\n--\nNot before the header is fixed.'],
  ['a condition in a postscript', 'asked', null, 'APPROVE\n\nRegards,\nBob\n\nPS: only with the new logo'],
  ['a condition between the quotes', 'asked', null, 'APPROVE\n\n> Basket page\n\nnot this one!\n\n> Payment page'],
  ['a condition in small print', 'asked', '<p>APPROVE</p><p style="font-size:9px">if the header is fixed</p>'],
  ['a contradiction', 'asked', null, 'APPROVE\nDISPUTE'],
  ['thanks on the line', 'asked', null, 'APPROVE, thanks'],
  ['a page’s word with more', 'asked', null, 'HISTORY\nplease send it to me'],
  // What cannot be seen presses nothing.
  ['display:none', 'said', '<div style="display:none">APPROVE</div><p>No.</p>'],
  ['display : NONE !important', 'said', '<div style="DISPLAY : NONE !important">APPROVE</div><p>No.</p>'],
  ['visibility:hidden', 'said', '<span style="visibility:hidden">APPROVE</span><p>No.</p>'],
  ['the attribute hidden', 'said', '<div hidden>APPROVE</div><p>No.</p>'],
  ['font-size:0', 'said', '<font style="font-size:0">APPROVE</font><p>No.</p>'],
  ['font-size:0.1px', 'said', '<span style="font-size:0.1px">APPROVE</span><p>No.</p>'],
  ['font-size:1px', 'said', '<span style="font-size:1px">APPROVE</span><p>No.</p>'],
  ['opacity:0', 'said', '<div style="opacity:0">APPROVE</div><p>No.</p>'],
  ['white on white', 'said', `<p style="${WHITE}">APPROVE</p><p>No.</p>`],
  ['white on white by name', 'said', '<font color="white">APPROVE</font><p>No.</p>'],
  ['nearly white on white', 'said', '<p style="color:rgb(250, 250, 250)">APPROVE</p><p>No.</p>'],
  [
    'grey on the same grey',
    'said',
    '<table bgcolor="#cccccc"><tr><td style="color:#cccccc">APPROVE</td></tr></table><p>No.</p>',
  ],
  ['transparent', 'said', '<p style="color:transparent">APPROVE</p><p>No.</p>'],
  ['off the page', 'said', '<p style="position:absolute;left:-9999px">APPROVE</p><p>No.</p>'],
  ['indented off the page', 'said', '<p style="text-indent:-9999px">APPROVE</p><p>No.</p>'],
  ['in a box of no height', 'said', '<div style="max-height:0;overflow:hidden">APPROVE</div><p>No.</p>'],
  ['mso-hide', 'said', '<span style="mso-hide:all">APPROVE</span><p>No.</p>'],
  ['hidden by a style sheet', 'said', '<style>.x{display:none}</style><p class="x">APPROVE</p><p>No.</p>'],
  ['in the title', 'said', '<head><title>APPROVE</title></head><p>No.</p>'],
  ['in a comment', 'said', '<!-- APPROVE --><p>No.</p>'],
  ['in a template', 'said', '<template>APPROVE</template><p>No.</p>'],
  ['in a script', 'said', '<script>APPROVE</script><p>No.</p>'],
  ['struck out', 'said', '<p><s>APPROVE</s></p><p>No.</p>'],
  ['seen in the text alone', 'asked', '<p>No, please do not.</p>', 'APPROVE'],
  ['hidden in HTML, plain in the text', 'asked', '<p style="display:none">APPROVE</p><p>No.</p>', 'APPROVE'],
  // What is quoted or forwarded presses nothing.
  ['bare in gmail_quote', 'said', '<div class="gmail_quote">APPROVE</div><div>No.</div>'],
  ['bare in gmail_quote, and nothing else', 'said', '<div class="gmail_quote">APPROVE</div>'],
  ['bare in yahoo_quoted', 'said', '<div class="yahoo_quoted">APPROVE</div>'],
  ['after a quote within gmail_quote', 'asked', '<div class="gmail_quote"><blockquote>x</blockquote>APPROVE</div>'],
  ['in a blockquote', 'said', '<blockquote>APPROVE</blockquote>'],
  ['in Thunderbird’s cite', 'said', '<div class="moz-cite-prefix">APPROVE</div><blockquote type="cite">x</blockquote>'],
  ['behind Outlook’s mark', 'said', '<div id="appendonsend"></div><p>APPROVE</p>'],
  ['in Outlook’s quote', 'said', '<div id="x_divRplyFwdMsg">From: N</div><p>APPROVE</p>'],
  ['in GMX’s quote', 'said', '<div name="quote">APPROVE</div>'],
  ['behind >', 'said', null, '> APPROVE'],
  ['behind > without a blank', 'said', null, '>APPROVE'],
  [
    'forwarded',
    'said',
    null,
    '---------- Forwarded message ---------\nFrom: N <h@n.example>\nSubject: x\nTo: b@a.example\n\nAPPROVE',
  ],
  [
    'forwarded by Outlook',
    'said',
    null,
    'Von: N <h@n.example>\nGesendet: 2. November 2026\nAn: b@a.example\nBetreff: x\n\nAPPROVE',
  ],
  ['glued to a flowed quote', 'asked', null, '> Checkout \nAPPROVE what?'],
  // What only looks like a word presses nothing.
  ['within a sentence', 'said', null, 'I will not approve this.'],
  ['at the beginning of a sentence', 'said', null, 'Approve the second one'],
  ['with a question mark', 'said', null, 'APPROVE?'],
  ['negated', 'said', null, "DON'T APPROVE"],
  ['not alone in its sentence', 'said', null, 'Not yet.\n\nAPPROVE'],
  ['in look-alike letters', 'said', null, 'АPPROVE'],
  ['with invisible letters in it', 'said', null, 'APP\u200bROVE'],
  ['turned around', 'said', null, '\u202eEVORPPA'],
  ['of the prototype', 'said', null, 'constructor'],
  ['of a megabyte', 'said', null, `APPROVE${'E'.repeat(900_000)}`],
];

function mailOf(html: string | null, text?: string): Buffer {
  const part = (type: string, body: string) =>
    `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(body).toString('base64')}\r\n`;
  if (html === null) return Buffer.from(part(`text/plain; format=flowed`, text ?? ''));
  if (text === undefined) return Buffer.from(part('text/html', html));
  return Buffer.from(
    `Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n${part('text/plain', text)}--b\r\n${part('text/html', html)}--b--`,
  );
}

afterAll(() => console.log(['| mail | became |', '|---|---|', ...rows].join('\n')));

test('at least sixty hostile mails are tried', () => expect(CASES.length).toBeGreaterThanOrEqual(60));

describe('a hostile mail', () => {
  const cases = CASES.map(([name, fate, html, text]) => ({ name, fate, html, text }));

  test.each(cases)('$name is $fate', async ({ name, fate, html, text }) => {
    const { body, quoted, clear } = await read(mailOf(html, text));
    const first = firstWord(body, words, (press) => press.includes('-form'));
    const became: Fate = first.kind === 'none' ? 'said' : first.kind === 'word' && clear ? 'pressed' : 'asked';
    rows.push(`| ${name} | ${became} |`);

    expect(became).toBe(fate);
    // Whatever it became, its words are all there: said, or folded away.
    const kept = `${body}\n${quoted}`;
    const source = text ?? (html ?? '').replaceAll(/<(head|script|style|template)>.*?<\/\1>|<!--.*?-->|<[^>]*>/g, ' ');
    for (const word of source.match(/[\p{L}\p{N}]+/gu) ?? []) expect(kept).toContain(word);
  });
});

test('text before a document within a document is said', async () => {
  const { body } = await read(
    mailOf('<p>Please wait.</p><html><head><title>x</title></head><body><p>Second part.</p></body></html>'),
  );

  expect(body).toMatch(/Please wait\.\s+Second part\./);
});

test('a mail of a megabyte of whatever is the worst for a parser is read or refused in time', async () => {
  const worst = [
    '<div>',
    '<',
    '<a b="',
    '<p style="',
    '<!--',
    '&#',
    'On a\n',
    'From: a <',
    '> ',
    '-- \n',
    '\n',
    '*From: x\n',
    'Op x ',
    '<blockquote>',
    '<style>a{',
  ];
  for (const one of worst) {
    for (const type of [null, 'html'] as const) {
      const text = one.repeat(Math.ceil(1_000_000 / one.length));
      const started = performance.now();
      await read(type ? mailOf(text) : mailOf(null, text)).catch((error: unknown) =>
        expect(error).toBeInstanceOf(UnreadableMail),
      );

      expect(performance.now() - started).toBeLessThan(12_000);
    }
  }
}, 300_000);
