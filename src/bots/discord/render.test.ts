import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Card, Form } from '../../core/kernel/card.ts';
import { formOf } from '../../core/kernel/card.ts';
import { sampleCards, syntheticCards } from '../../testing/cards.ts';
import { pagesOf, renderModal } from './form.ts';
import { checkComponents, checkModal, cut } from './limits.ts';
import { marksOf, nonceOf } from './mark.ts';
import { parseMessage } from './message.ts';
import { renderMessage } from './render.ts';
import { escaped, fitting } from './text.ts';

const written = (card: Card) =>
  JSON.stringify(renderMessage(card))
    .replaceAll('\\\\', '\\')
    .match(/"content":"(.*?)"[,}]/g)
    ?.join('\n') ?? '';

describe.each(Object.entries(syntheticCards))('the card "%s"', (name, card) => {
  test('looks as agreed', () => {
    const path = join(import.meta.dirname, 'golden', `${name}.json`);
    const drawn = `${JSON.stringify(renderMessage(card), null, 2)}\n`;
    if (process.env.UPDATE_GOLDEN) writeFileSync(path, drawn);

    expect(drawn).toBe(readFileSync(path, 'utf8'));
  });
});

describe.each(Object.entries(syntheticCards).filter(([, card]) => formOf(card)))('the form "%s"', (name, card) => {
  test('looks as agreed, on each of its pages', () => {
    const form = formOf(card) as Form;
    const modals = pagesOf(form).map((_, page) => renderModal(card, form, page, null));
    const path = join(import.meta.dirname, 'golden', `${name}.modals.json`);
    const drawn = `${JSON.stringify(modals, null, 2)}\n`;
    if (process.env.UPDATE_GOLDEN) writeFileSync(path, drawn);

    expect(modals.flatMap(checkModal)).toEqual([]);
    expect(drawn).toBe(readFileSync(path, 'utf8'));
  });
});

describe('what somebody wrote', () => {
  test.each([
    ['@everyone <@123> <@&4> <#5>', '\\@everyone \\<\\@123\\> \\<\\@&4\\> \\<#5\\>'],
    [
      '**bold** _it_ ~~no~~ `code` ||secret||',
      '\\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~ \\`code\\` \\|\\|secret\\|\\|',
    ],
    ['[click](https://evil.example)', '\\[click\\](https\\://evil.example)'],
    ['# big\n-# small\n- one\n1. two\n> said', '\\# big\n\\-# small\n\\- one\n1\\. two\n\\> said'],
    [':tada: at 17:00', '\\:tada: at 17:00'],
    ['a \\ backslash', 'a \\\\ backslash'],
  ])('never becomes a mention, a link or a format: %j', (text, shown) => {
    expect(escaped(text)).toBe(shown);
  });

  test('keeps its words when the signs are read as Discord reads them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(escaped(text).replaceAll(/\\([^\sA-Za-z0-9])/g, '$1')).toBe(text);
      }),
    );
  });

  test('is cut by what was written, never between a backslash and its sign', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('*', 'a', '\\', '😀'), maxLength: 80 }),
        fc.nat({ max: 60 }),
        (text, more) => {
          const short = fitting(text, more + 3);
          expect(short.length).toBeLessThanOrEqual(more + 3);
          expect(short.replaceAll(/\\./gu, '')).not.toContain('\\');
        },
      ),
    );
    expect(cut('ab😀cd', 4)).toBe('ab…');
  });
});

test('a card of anything keeps to the limits', () => {
  const words = fc.string({ unit: 'binary', maxLength: 3_000 }).map((text) => text.toWellFormed());
  const press = { target: 'home.work', input: {} };
  const item = fc.record({
    text: words,
    detail: words,
    button: fc.constant({ kind: 'button' as const, label: 'Open', press }),
  });
  const block = fc.oneof(
    fc.record({ kind: fc.constant('text' as const), text: words, subtle: fc.boolean() }),
    fc.record({
      kind: fc.constant('facts' as const),
      facts: fc.array(fc.record({ label: words, value: words }), { minLength: 1, maxLength: 40 }),
    }),
    fc.record({
      kind: fc.constant('list' as const),
      title: words,
      items: fc.array(item, { minLength: 1, maxLength: 60 }),
    }),
  );
  fc.assert(
    fc.property(fc.array(block, { maxLength: 30 }), words, (blocks, title) => {
      const card: Card = { ...(sampleCards['every-block'] as Card), title, status: title, blocks };
      expect(checkComponents(renderMessage(card, marksOf('card')))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test('a status, a title and an internal note are marked', () => {
  const text = written(sampleCards['every-block'] as Card);

  for (const words of ['### Checkout redesign', '🟡 In review', '✅ Done: Basket page', '🔒 internal'])
    expect(text).toContain(words);
});

test('the marks of a card are two different numbers of 31 bits, and its nonce is short', () => {
  for (const id of ['a', 'b', crypto.randomUUID()]) {
    const [first, second] = marksOf(id);
    expect(first).not.toBe(second);
    expect(Math.max(first, second)).toBeLessThan(2 ** 31);
    expect(Math.min(first, second)).toBeGreaterThan(40);
    expect(nonceOf(id).length).toBeLessThanOrEqual(25);
  }
});

describe('a message', () => {
  const message = (more: object = {}) => ({
    ...{ id: '11', channel_id: '10', guild_id: '9', type: 0, content: 'Hello', position: 1 },
    author: { id: '7', username: 'nora', global_name: 'Nora' },
    ...more,
  });

  test('in a thread answers the card whose thread it is, a reply the card it replies to', () => {
    expect(parseMessage(message())).toMatchObject({ said: { inReplyTo: { messageId: '10' }, text: 'Hello' } });
    expect(
      parseMessage(message({ type: 19, position: undefined, message_reference: { message_id: '5' } })),
    ).toMatchObject({ said: { inReplyTo: { messageId: '5' } }, channel: '10' });
  });

  test('names whom it mentions, and what is attached', () => {
    const mentions = [{ id: '8', username: 'bob', global_name: 'Bob' }];
    const content = 'ask <@8> <:wave:123> in <#44> at <t:0:R>';

    expect(parseMessage(message({ content, mentions, attachments: [{ filename: 'a.png' }] }))).toMatchObject({
      said: { text: 'ask @Bob :wave: in #channel at 1970-01-01T00:00:00.000Z\n(Attached in Discord: a.png)' },
    });
  });

  test.each([
    ['of a bot', { author: { id: '1', bot: true } }, 'an app wrote it'],
    ['in a channel', { position: undefined }, 'it is neither in a thread nor a reply'],
    ['about a channel', { type: 18 }, 'type 18 is nothing that somebody said'],
    ['without words', { content: ' ' }, 'it has no words'],
  ])('%s is left alone', (_, more, why) => {
    expect(parseMessage(message(more))).toEqual({ kind: 'silent', why });
  });

  test('that is not of the form is kept for staff', () => {
    expect(parseMessage({ id: 'x' })).toMatchObject({ kind: 'unknown' });
  });
});
