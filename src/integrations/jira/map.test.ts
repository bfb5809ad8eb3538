import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { adfOf, textOf } from './adf.ts';
import { addressed, commentText, isOurs, issueFields, labelOf, readSettings, ticketOfLabels } from './map.ts';
import { compare, meaningOf, moveTo } from './status.ts';
import type { Ticket } from './ticket.ts';

const settings = readSettings({});
const id = '0b0f1c52-7a8e-4a5e-9d43-0c6a0c7d1a11';
const ticket: Ticket = {
  id,
  number: 12,
  kind: 'change',
  state: { status: 'approved' },
  clientId: id,
  title: 'Second  language\nplease',
  description: 'German beside English.\n\nSee https://example.com/de.',
  expected: null,
  steps: null,
  links: ['https://example.com/mock-up'],
  priority: 'high',
  dueOn: '2026-12-24',
  reporterName: 'Anna',
  clientName: 'Acme',
  projectName: 'Acme website',
};

describe('an issue', () => {
  test('has only fields that every project has', () => {
    expect(issueFields(ticket, 'ACME', settings)).toMatchObject({
      project: { key: 'ACME' },
      issuetype: { name: 'Task' },
      summary: '[#12] Second language please',
      labels: [`parley-${id}`],
    });
  });

  test('says who wants what by when, and how to answer', () => {
    expect(textOf(issueFields(ticket, 'ACME', settings).description)).toBe(
      [
        'Acme, Acme website. Reported by Anna. Priority: high. Needed by 2026-12-24.',
        'German beside English.',
        'See https://example.com/de.',
        'Links:\nhttps://example.com/mock-up',
        'Comments here stay within the team. Begin one with @client to answer the client.',
      ].join('\n\n'),
    );
  });

  test('has a summary of one line and 255 characters at most', () => {
    expect(issueFields({ ...ticket, title: 'x'.repeat(400) }, 'ACME', settings).summary).toHaveLength(255);
  });

  test('is of the type that the firm names', () => {
    const own = readSettings({ issueTypes: { bug: 'Fehler', change: 'Aufgabe' } });
    expect(issueFields({ ...ticket, kind: 'bug' }, 'ACME', own).issuetype).toEqual({ name: 'Fehler' });
  });

  test('is known by its label among others', () => {
    expect(ticketOfLabels(['urgent', labelOf(id)])).toBe(id);
    expect(ticketOfLabels(['parley-', `x-parley-${id}`, `parley-${id}-2`])).toBeNull();
  });

  test('faulty settings are named', () => {
    expect(() => readSettings({ statuses: { Testing: 'finished' } })).toThrow(/statuses/);
  });
});

describe('a comment', () => {
  test('says whose words it holds, and is known as ours by it', () => {
    const text = commentText({ byName: 'Anna\nBell', side: 'contact', body: ' Any news? ' });
    expect(text).toBe('Anna Bell (client): Any news?');
    expect(isOurs(text)).toBe(true);
    expect(isOurs('I asked Anna (client) about it: she says no')).toBe(false);
  });

  test.each([
    ['@client It is done.', 'client', 'It is done.'],
    [' @Client:\nIt is done.', 'client', 'It is done.'],
    ['@CLIENT, look', 'client', 'look'],
    ['@clients are many', 'team', '@clients are many'],
    ['Tell @client', 'team', 'Tell @client'],
    ['@client', 'team', '@client'],
    ['client: no', 'team', 'client: no'],
  ])('%j goes to the %s', (text, to, body) => {
    expect(addressed(text)).toEqual({ to, body });
  });
});

describe('a text', () => {
  test('keeps its words on the way to Jira and back', () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\0\r\n]/g, ' ').trim());
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = lines
          .join('\n')
          .replaceAll(/\n{3,}/g, '\n\n')
          .trim();
        expect(textOf(adfOf(text))).toBe(text);
      }),
    );
  });

  test('of a webhook is plain and comes with the line ends of another system', () => {
    expect(textOf('one\r\ntwo ')).toBe('one\ntwo');
  });

  test('is cut where Jira would refuse it, and says so', () => {
    const cut = textOf(adfOf('long '.repeat(10_000)));
    expect(cut.length).toBeLessThan(32_767);
    expect(cut).toMatch(/the whole text is in Parley\)$/);
  });

  test('keeps what people write with Jira’s editor', () => {
    const text = (value: string, marks?: object[]) => ({ type: 'text', text: value, ...(marks ? { marks } : {}) });
    const paragraph = (...content: object[]) => ({ type: 'paragraph', content });
    const doc = {
      type: 'doc',
      version: 1,
      content: [
        { type: 'heading', attrs: { level: 2 }, content: [text('Found')] },
        paragraph(
          { type: 'mention', attrs: { id: '1', text: '@Anna' } },
          text(' see '),
          text('this', [{ type: 'link', attrs: { href: 'https://example.com/x' } }]),
          { type: 'hardBreak' },
          { type: 'emoji', attrs: { shortName: ':+1:' } },
        ),
        {
          type: 'bulletList',
          content: [
            { type: 'listItem', content: [paragraph(text('a')), paragraph(text('b'))] },
            { type: 'listItem', content: [paragraph(text('c'))] },
          ],
        },
        { type: 'orderedList', content: [{ type: 'listItem', content: [paragraph(text('first'))] }] },
        { type: 'blockquote', content: [paragraph(text('quoted'))] },
        { type: 'codeBlock', attrs: {}, content: [text('x = 1\ny = 2')] },
        {
          type: 'mediaSingle',
          content: [{ type: 'media', attrs: { type: 'file', id: '7', alt: 'screen.png', collection: '' } }],
        },
        {
          type: 'table',
          content: [
            {
              type: 'tableRow',
              content: [
                { type: 'tableCell', content: [paragraph(text('l'))] },
                { type: 'tableCell', content: [paragraph(text('r'))] },
              ],
            },
          ],
        },
        { type: 'rule' },
        { type: 'somethingNew', content: [paragraph({ type: 'date', attrs: { timestamp: '1795219200000' } })] },
      ],
    };

    expect(textOf(doc)).toBe(
      [
        'Found',
        '@Anna see this (https://example.com/x)\n:+1:',
        '- a\n\n  b\n- c',
        '1. first',
        '> quoted',
        'x = 1\ny = 2',
        '[attachment: screen.png]',
        'l | r',
        '---',
        '2026-11-21',
      ].join('\n\n'),
    );
  });

  test('that is nothing is nothing', () => {
    expect([
      textOf(null),
      textOf(undefined),
      textOf(7),
      textOf({}),
      textOf({ type: 'doc', content: [null, 3] }),
    ]).toEqual(['', '', '', '', '']);
  });
});

describe('a status', () => {
  const todo = { name: 'To Do', category: 'new' };
  const doing = { name: 'In Progress', category: 'indeterminate' };
  const done = { name: 'Done', category: 'done' };
  const transitions = [todo, doing, done].map((to, index) => ({ id: String(index), to }));

  test.each([
    ['In Progress', 'approved', 'in_progress'],
    ['code review', 'approved', 'in_progress'],
    ['DONE', 'in_progress', 'resolved'],
    ['To Do', 'in_progress', null],
    ['To Do', 'resolved', 'in_progress'],
    ['To Do', 'approved', 'approved'],
    ['Blocked by legal', 'approved', null],
    ["Won't Do", 'approved', null],
  ] as const)('"%s" of an issue whose ticket is %s means %s', (name, ours, meaning) => {
    expect(meaningOf(name, ours, settings)).toBe(meaning);
  });

  test('of the firm’s own invention means what the settings say', () => {
    expect(meaningOf('In Prüfung', 'approved', readSettings({ statuses: { 'in prüfung': 'in_progress' } }))).toBe(
      'in_progress',
    );
  });

  test('is looked for by its name, then by its category', () => {
    const german = [{ id: '5', to: { name: 'Erledigt', category: 'done' } }];
    expect(moveTo('resolved', doing, transitions, settings)).toEqual({ id: '2', to: done });
    expect(moveTo('resolved', doing, german, settings)).toEqual(german[0]);
    expect(moveTo('declined', doing, transitions, settings)).toEqual({ id: '2', to: done });
    expect(moveTo('in_progress', done, german, settings)).toBeNull();
    expect(moveTo('needs_info', doing, transitions, settings)).toBe('there');
    expect(moveTo('duplicate', done, transitions, settings)).toBe('there');
  });

  test.each([
    ['nobody moved', 'in_progress', doing, 'agreed'],
    ['only Jira moved', 'in_progress', done, 'tell-us'],
    ['only we moved', 'resolved', doing, 'tell-jira'],
    ['both moved to the same', 'resolved', done, 'agreed'],
    ['both moved apart', 'declined', done, 'tell-jira'],
    [
      'Jira moved to where clients are not told',
      'in_progress',
      { name: 'Blocked', category: 'indeterminate' },
      'left-alone',
    ],
  ] as const)('when %s', (_when, ours, theirs, step) => {
    expect(compare({ ours: 'in_progress', theirs: 'In Progress', at: 0 }, ours, theirs, settings)).toBe(step);
  });

  test('that was never noted counts as approved', () => {
    expect(compare(null, 'approved', doing, settings)).toBe('tell-us');
    expect(compare(null, 'in_progress', todo, settings)).toBe('tell-jira');
    expect(compare(null, 'approved', todo, settings)).toBe('agreed');
  });
});
