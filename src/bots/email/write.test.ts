import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { areas } from '../../core/areas.ts';
import type { Card, Press } from '../../core/kernel/card.ts';
import { JumpingClock } from '../../core/kernel/clock.ts';
import { readLink } from '../../core/kernel/links.ts';
import type { App } from '../../core/kernel/registry.ts';
import { buildRegistry } from '../../core/kernel/registry.ts';
import { secretsFrom } from '../../core/kernel/secrets.ts';
import { sampleCards } from '../../testing/cards.ts';
import { deals } from '../../testing/deals.ts';
import { MARKER } from './limits.ts';
import { answerSubject, subjectOf, writeMail } from './write.ts';

const secrets = secretsFrom(['a secret for tests, long enough to be one']);
const clock = new JumpingClock();
const app = { secrets, clock, registry: buildRegistry([...areas, deals]) } as unknown as App;
const tools = { app, publicUrl: 'https://parley.example' };
const bob = {
  tenantId: '11111111-1111-4111-8111-111111111111',
  personId: '22222222-2222-4222-8222-222222222222',
  cardId: '33333333-3333-4333-8333-333333333333',
};
const write = (card: Card, more: { reader?: Parameters<typeof writeMail>[1]; history?: Card; view?: Press } = {}) =>
  writeMail(tools, more.reader ?? bob, {
    subject: subjectOf(card),
    lead: [],
    card,
    view: more.view ?? null,
    history: more.history ?? null,
  });
const sample = (name: string) => sampleCards[name] as Card;
const linksIn = (text: string) => text.match(/https:\/\/parley\.example\/l\/[\w.-]+/g) ?? [];

/** The words that a reader sees, in their order. */
function wordsOfText(text: string): string[] {
  return text.replaceAll(/https?:\/\/\S+/g, '').match(/[\p{L}\p{N}]+/gu) ?? [];
}

function wordsOfHtml(html: string): string[] {
  const body = html.slice(html.indexOf('<body')).replaceAll(/<[^>]*>/g, ' ');
  const plain = body
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
  return wordsOfText(plain);
}

describe.each(Object.keys(sampleCards))('the sample card "%s" as a mail', (name) => {
  const card = sample(name);

  test('says the same as text and as HTML', () => {
    const { text, html } = write(card, { history: sample('every-block') });

    expect(wordsOfHtml(html)).toEqual(wordsOfText(text));
    expect(linksIn(html)).toEqual(linksIn(text));
  });

  test('holds nothing that loads, runs or follows, and is written for eyes and for screen readers', () => {
    const { html } = write(card, { history: sample('every-block') });

    expect(html).not.toMatch(/<(script|img|iframe|object|link|form|style|table)\b|\bon\w+=|url\(|<svg/i);
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(new Set(html.match(/<a [^>]*href="(?!https?:\/\/)/g) ?? []).size).toBe(0);
  });

  test('looks as it was agreed to look', () => {
    // A link's token changes with the day; its place does not.
    const { text, html } = write(card);
    const steady = `${text}\n=====\n\n${html}`.replaceAll(/\/l\/[\w.-]+/g, '/l/TOKEN');
    const path = join(import.meta.dirname, 'golden', `${name}.txt`);
    if (process.env.UPDATE_GOLDEN) {
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, steady);
    }
    if (!existsSync(path))
      throw new Error(`${path} is missing: run this test with UPDATE_GOLDEN=1 and look at what it wrote`);

    expect(steady).toBe(readFileSync(path, 'utf8'));
  });
});

describe('a mail', () => {
  test('begins with the line above which people answer', () => {
    expect(write(sample('plain')).text.split('\n')[0]).toBe(MARKER);
  });

  test('names the word of every button, and where text may follow', () => {
    const { text } = write(sample('every-block'));

    expect(text).toContain(
      'Or answer this mail with one word on its first line: APPROVE, DISPUTE <your words>, OPEN (Payment page)',
    );
  });

  test('breaks a word that is longer than the screen instead of cutting it', () => {
    expect(write(sample('plain')).html).toMatch(/<div role="article"[^>]*overflow-wrap:anywhere;word-break:break-word/);
  });

  test('lets nothing of a hostile card become markup', () => {
    const { html, text } = write(sample('hostile'));

    expect(html).not.toContain('<script>');
    expect(html).not.toContain('<b>Bold');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('<script>alert(1)</script>');
  });

  test('leads to no address but those of the web', () => {
    const card: Card = {
      ...sample('plain'),
      actions: [
        { kind: 'link', label: 'Click', url: 'javascript:alert(1)' },
        { kind: 'link', label: 'Quote', url: 'https://x.example/"><script>' },
      ],
    };

    const { html } = write(card);

    expect(html).not.toContain('javascript:');
    expect(html).toContain('href="https://x.example/%22%3E%3Cscript%3E"');
  });

  test('asks for a form on a page, since a mail has no fields', () => {
    const { text } = write(sample('form'), {
      view: { target: 'deal.dispute-form', input: { deal: bob.cardId, version: '1' } },
    });

    expect(text).toContain('- Title');
    expect(text).toContain('- Needed by (if you like)');
    expect(text).toMatch(/File bug: https:\/\/parley\.example\/l\//);
  });

  test('quotes what was said before below a heading', () => {
    const { text } = write(sample('plain'), { history: sample('every-block') });

    expect(text).toMatch(/Earlier in this conversation\n\n> Checkout redesign \[In review\]/);
    expect(text).toContain('> - 2 Nov, 09:12, Ada Admin:\n>   Work has begun.');
  });
});

describe('the links of a mail', () => {
  const linkOf = (name = 'every-block', reader = bob) =>
    readLink(secrets, (linksIn(write(sample(name), { reader }).text)[0] ?? '').split('/l/')[1] ?? '', clock.now());

  test('stand for the press, the person and nobody else, for thirty days', () => {
    const link = linkOf();
    const days = ((link?.expires ?? 0) - clock.now().getTime() / 1000) / 86_400;

    expect(link).toMatchObject({
      tenantId: bob.tenantId,
      personId: bob.personId,
      expired: false,
      press: { target: 'cycle.show' },
    });
    expect(days).toBeGreaterThanOrEqual(30);
    expect(days).toBeLessThanOrEqual(31);
  });

  test('are the same when the card is sent again', () => {
    expect(write(sample('every-block')).text).toBe(write(sample('every-block')).text);
  });

  test('have a nonce of their own for each person and each posted card', () => {
    const others = [
      linkOf('every-block', { ...bob, personId: bob.cardId }),
      linkOf('every-block', { ...bob, cardId: bob.personId }),
    ];

    expect(new Set([linkOf(), ...others].map((link) => link?.nonce)).size).toBe(3);
  });

  test('are left out in a mailbox of nobody in particular; the words stay', () => {
    const { text, html } = write(sample('every-block'), { reader: { ...bob, personId: null as never } });

    expect(linksIn(text + html)).toEqual([]);
    expect(text).toContain('answer this mail with one word on its first line: APPROVE');
  });
});

describe('the subject', () => {
  test('names the thing for the whole of its thread; the state stands in each mail', () => {
    expect(subjectOf(sample('every-block'))).toBe('Checkout redesign');
    expect(write(sample('every-block')).text).toContain('Checkout redesign\n[In review]');
    expect(answerSubject('Checkout redesign')).toBe('Re: Checkout redesign');
    expect(answerSubject('Re: it')).toBe('Re: it');
  });

  test('and the heading read in one direction, on one line, whatever an old title holds', () => {
    const title = 'Invoice \u202egnp.exe\u202c\r\nApproved by both\u2066 👨\u200d👩';
    const { text } = write({ ...sample('plain'), title });

    expect(subjectOf({ ...sample('plain'), title })).toBe('Invoice gnp.exe Approved by both 👨\u200d👩');
    expect(text).toContain('\nInvoice gnp.exe Approved by both 👨\u200d👩\n');
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  });

  test('is one line and not endless, whatever the title is', () => {
    const title = `a\r\nBcc: eve@evil.example\t${'🙂'.repeat(200)}`;
    const subject = subjectOf({ ...sample('plain'), title });

    expect(subject).toMatch(/^a Bcc: eve@evil\.example 🙂/);
    expect(subject.length).toBeLessThanOrEqual(200);
    expect(subject.isWellFormed()).toBe(true);
  });
});
