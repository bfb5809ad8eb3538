import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Card, Field } from '../../core/kernel/card.ts';
import { syntheticCards } from '../../testing/cards.ts';
import type { Surface } from './limits.ts';
import { checkBlocks, checkView, cut, LIMITS } from './limits.ts';
import { renderMessage, renderModal } from './render.ts';
import { pieces } from './text.ts';

const golden = join(import.meta.dirname, 'fixtures/golden');

/** Compares with the file of that name; UPDATE_GOLDEN=1 writes it instead. */
async function expectGolden(name: string, rendered: object): Promise<void> {
  const path = join(golden, `${name}.json`);
  if (process.env.UPDATE_GOLDEN) {
    await mkdir(golden, { recursive: true });
    await writeFile(path, `${JSON.stringify(rendered, null, 2)}\n`);
  }
  if (!existsSync(path))
    throw new Error(`${path} is missing: run this test with UPDATE_GOLDEN=1 and look at what it wrote`);
  expect(rendered).toEqual(JSON.parse(await readFile(path, 'utf8')));
}

const bare: Card = {
  title: 'Card',
  tone: 'neutral',
  blocks: [],
  actions: [],
  fallback: 'Card',
  about: { entity: 'thing', id: 'x', version: 1 },
};
const choice = (count: number): Field => ({
  kind: 'choice',
  name: 'project',
  label: 'Project',
  required: true,
  value: '7',
  options: Array.from({ length: count }, (_, at) => ({ value: String(at), label: `Project ${at}` })),
});
const boxes = (count: number, more: Partial<Field> = {}): Field =>
  ({
    ...{ kind: 'several', name: 'parts', label: 'Parts', required: false, needed: true, least: 0, most: 100 },
    options: Array.from({ length: count }, (_, at) => ({ value: String(at), label: `Part ${at}` })),
    ...more,
  }) as Field;
const formCard = (...fields: Field[]): Card => ({
  ...bare,
  blocks: [{ kind: 'form', submit: { label: 'Send', press: { target: 'test.send', input: {} } }, fields }],
});

describe.each(Object.entries(syntheticCards))('the card "%s"', (name, card) => {
  test('looks as agreed in a message and in a modal', async () => {
    await expectGolden(`${name}.message`, renderMessage(card));
    await expectGolden(`${name}.modal`, renderModal(card, 'metadata'));
  });
});

describe('what somebody wrote', () => {
  test('keeps the bold label of a fact whose value holds a low line inside a word', () => {
    const facts = ['Tue 29 Dec 2026, 09:00 (America/New_York)', '_private_', 'a _b_ c', 'é_é'];
    const [section] = renderMessage({
      ...bare,
      blocks: [{ kind: 'facts', facts: facts.map((value) => ({ label: 'When', value })) }],
    }).blocks.filter(({ type }) => type === 'section') as { fields: { type: string; text: string }[] }[];

    expect(section?.fields).toMatchObject([
      { type: 'mrkdwn', text: `*When*\n${facts[0]}` },
      ...facts.slice(1).map((value) => ({ type: 'plain_text', text: `When\n${value}` })),
    ]);
  });

  test('never becomes a mention, a link or a format', () => {
    const hostile = '<!channel> <@U123> <https://evil.example|click> *x* _x_ ~x~ `x` &lt; :smile: @here\n> quote';
    const everywhere: Card = {
      ...bare,
      title: hostile,
      status: hostile,
      blocks: [
        { kind: 'text', text: hostile },
        { kind: 'text', text: hostile, subtle: true },
        {
          kind: 'facts',
          facts: [
            { label: hostile, value: hostile },
            { label: 'Label', value: hostile },
            { label: hostile, value: 'value' },
          ],
        },
        { kind: 'list', title: hostile, items: [{ text: hostile, detail: hostile }] },
        { kind: 'progress', label: hostile, percent: 5 },
        {
          kind: 'timeline',
          title: hostile,
          items: [
            { at: 'now', who: 'Ada', text: hostile },
            { at: 'now', who: hostile, text: 'hi' },
          ],
        },
      ],
      actions: [{ kind: 'button', label: hostile, press: { target: 'home.work', input: {} } }],
      fallback: hostile,
    };

    const { text, blocks } = renderMessage(everywhere);

    expect(JSON.stringify(blocks)).not.toContain('"mrkdwn"');
    expect(text).toBe(
      '&lt;!channel&gt; &lt;@U123&gt; &lt;https://evil.example|click&gt; *x* _x_ ~x~ `x` &amp;lt; :smile: @here\n&gt; quote',
    );
  });

  test('is cut between characters, not inside one', () => {
    expect(cut('ab😀cd', 4)).toBe('ab…');
    expect(cut('ab😀cd', 5)).toBe('ab😀…');
    expect(cut('short', 5)).toBe('short');
  });

  test('is split without losing a character', () => {
    const text = `${'word '.repeat(700)}\n${'😀'.repeat(900)}\n${'x'.repeat(2_500)}`;

    const found = pieces(text, 1_000);

    expect(found.join('')).toBe(text);
    expect(found.every((piece) => piece.length <= 1_000 && piece.isWellFormed())).toBe(true);
  });
});

test('what does not stand on the card’s face is in menus of at most five', () => {
  const button = (index: number) => ({
    kind: 'button' as const,
    label: `Do ${index}`,
    press: { target: 'ticket.show', input: { ticket: String(index) } },
  });
  const card = { ...bare, actions: Array.from({ length: 10 }, (_, index) => button(index)) };

  for (const blocks of [renderMessage(card).blocks, renderModal(card, 'metadata').blocks]) {
    expect(checkBlocks(blocks, 'message')).toEqual([]);
    const { elements } = blocks.at(-1) as unknown as { elements: { type: string; options?: { value: string }[] }[] };
    expect(elements.map(({ type, options }) => options?.length ?? type)).toEqual(['button', 'button', 'button', 5, 2]);
    expect(elements[3]?.options?.[0]).toMatchObject({ text: { text: 'Do 3' }, value: 'ticket.show?ticket=3' });
  }
});

describe('a card that is too large', () => {
  test('says how much of a list was left out, and keeps its buttons', () => {
    const items = Array.from({ length: 90 }, (_, at) => ({
      text: `Ticket ${at}`,
      button: {
        kind: 'button' as const,
        label: 'Open',
        press: { target: 'ticket.show', input: { ticket: String(at) } },
      },
    }));
    const { blocks } = renderMessage({
      ...bare,
      blocks: [{ kind: 'list', items }],
      actions: [{ kind: 'button', label: 'Next', press: { target: 'ticket.queue', input: { page: '2' } } }],
    });

    expect(checkBlocks(blocks, 'message')).toEqual([]);
    const shown = blocks.filter((block) => block.type === 'section').length;
    expect(JSON.stringify(blocks)).toContain(`… and ${90 - shown} more`);
    expect(blocks.at(-1)).toMatchObject({ type: 'actions', elements: [{ value: 'ticket.queue?page=2' }] });
  });

  test('leaves out the oldest of a conversation, not the newest', () => {
    const items = Array.from({ length: 80 }, (_, at) => ({
      at: `day ${at}`,
      who: 'Somebody',
      text: 'said '.repeat(50),
    }));
    const text = JSON.stringify(renderMessage({ ...bare, blocks: [{ kind: 'timeline', items }] }).blocks);

    expect(text).toContain('day 79');
    expect(text).not.toContain('day 0\\n');
    expect(text).toMatch(/… \d+ earlier/);
  });

  test('made of many small blocks still fits, its form whole', () => {
    const blocks = Array.from({ length: 60 }, () => ({ kind: 'text' as const, text: 'x'.repeat(900) }));
    const card = formCard({ kind: 'text', name: 'title', label: 'Title', required: true });
    const rendered = renderMessage({ ...card, blocks: [...blocks, ...card.blocks] });

    expect(checkBlocks(rendered.blocks, 'message')).toEqual([]);
    expect(rendered.blocks.filter((block) => block.type === 'input')).toHaveLength(1);
  });
});

describe('a form', () => {
  test('with more choices than a list takes shows them in groups', () => {
    const modal = renderModal(formCard(choice(250)), 'metadata');

    expect(checkView(modal)).toEqual([]);
    expect(modal.blocks[0]).toMatchObject({
      element: {
        option_groups: [
          { label: { text: '1 – 100' } },
          { label: { text: '101 – 200' } },
          { label: { text: '201 – 250' } },
        ],
        initial_option: { value: '7' },
      },
    });
  });

  test('with few boxes shows them, with many a list in which several are chosen', () => {
    const [few, many, most] = [10, 11, 250].map((count) =>
      renderModal(formCard(boxes(count, { value: '1,9,99' })), ''),
    );

    for (const modal of [few, many, most]) expect(checkView(modal)).toEqual([]);
    const ticked = [{ value: '1' }, { value: '9' }];
    expect(few?.blocks[0]).toMatchObject({
      optional: true,
      element: { type: 'checkboxes', options: { length: 10 }, initial_options: ticked },
    });
    expect(many?.blocks[0]).toMatchObject({
      element: {
        type: 'multi_static_select',
        options: { length: 11 },
        initial_options: ticked,
        max_selected_items: 11,
      },
    });
    expect(most?.blocks[0]).toMatchObject({
      element: { option_groups: { length: 3 }, initial_options: [...ticked, { value: '99' }], max_selected_items: 100 },
    });
  });

  test('of which the lists do not fit a message offers less, says how much, and keeps what is ticked', () => {
    const { blocks } = renderMessage(formCard(boxes(250, { value: '249' }), choice(250)));

    expect(checkBlocks(blocks, 'message')).toEqual([]);
    const text = JSON.stringify(blocks);
    expect(text).toMatch(/… and \d+ more to choose from that do not fit here/);
    expect(blocks[1]).toMatchObject({ element: { initial_options: [{ value: '249' }] } });
  });

  test('without anything to choose from says so, where Slack would refuse the whole modal', () => {
    const modal = renderModal(formCard(choice(0)), 'metadata');

    expect(checkView(modal)).toEqual([]);
    expect(modal.blocks[0]).toMatchObject({
      type: 'section',
      text: { text: 'Project: there is nothing to choose from.' },
    });
  });

  test('shows what was there before, as far as a field takes it', () => {
    const modal = renderModal(
      formCard(
        { kind: 'text', name: 'title', label: 'Title', required: true, maxLength: 5, value: 'too long' },
        { kind: 'date', name: 'due', label: 'Due', required: false, value: '2026-12-04' },
      ),
      'metadata',
    );

    expect(checkView(modal)).toEqual([]);
    expect(modal.blocks).toMatchObject([
      { element: { initial_value: 'too l', max_length: 5 } },
      { optional: true, element: { initial_date: '2026-12-04' } },
    ]);
  });
});

describe('the check of the limits', () => {
  const section = { type: 'section', text: { type: 'plain_text', text: 'x', emoji: false } };
  const button = { type: 'button', text: { type: 'plain_text', text: 'Press' }, action_id: 'press:1', value: 'v' };
  const actions = (...elements: object[]) => [{ type: 'actions', elements }];
  const label = { type: 'plain_text', text: 'Parts' };
  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ text: { type: 'plain_text', text: `Part ${at}` }, value: `${at}` }));
  const input = (element: object) => [
    { type: 'input', block_id: 'field:parts', label, element: { action_id: 'field:parts', ...element } },
  ];

  test.each<[string, unknown, Surface, RegExp]>([
    ['51 blocks in a message', Array.from({ length: LIMITS.blocks.message + 1 }, () => section), 'message', /Too big/],
    ['101 blocks in a modal', Array.from({ length: LIMITS.blocks.modal + 1 }, () => section), 'modal', /Too big/],
    ['no block', [], 'message', /Too small/],
    ['an empty text', [{ ...section, text: { type: 'plain_text', text: ' ' } }], 'message', /blocks\/0\/text/],
    [
      '3,001 characters in a section',
      [{ ...section, text: { type: 'mrkdwn', text: 'x'.repeat(3_001) } }],
      'message',
      /blocks\/0\/text\/text/,
    ],
    ['a section without text', [{ type: 'section' }], 'message', /needs text or fields/],
    ['11 fields', [{ type: 'section', fields: Array.from({ length: 11 }, () => section.text) }], 'message', /fields/],
    [
      '2,001 characters in a field',
      [{ type: 'section', fields: [{ type: 'plain_text', text: 'x'.repeat(2_001) }] }],
      'message',
      /fields\/0/,
    ],
    ['a header in mrkdwn', [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }], 'message', /blocks\/0\/text/],
    [
      '151 characters in a header',
      [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }],
      'message',
      /blocks\/0\/text/,
    ],
    [
      '26 buttons side by side',
      actions(...Array.from({ length: 26 }, (_, at) => ({ ...button, action_id: String(at) }))),
      'message',
      /elements/,
    ],
    [
      '76 characters on a button',
      actions({ ...button, text: { type: 'plain_text', text: 'x'.repeat(76) } }),
      'message',
      /text/,
    ],
    ['the same action twice', actions(button, button), 'message', /action_id press:1 is used twice/],
    [
      'the same block id twice',
      [
        { ...section, block_id: 'a' },
        { ...section, block_id: 'a' },
      ],
      'message',
      /block_id a is used twice/,
    ],
    ...(
      [
        ['eleven boxes', { type: 'checkboxes', options: many(11) }, /Too big/],
        [
          'a ticked box that is not offered',
          { type: 'checkboxes', options: many(2), initial_options: many(3) },
          /among/,
        ],
        [
          'more chosen than may be',
          { type: 'multi_static_select', options: many(3), initial_options: many(2), max_selected_items: 1 },
          /more initial_options/,
        ],
        ['101 choices in one list', { type: 'multi_static_select', options: many(101) }, /Too big/],
      ] as const
    ).map(([what, element, fault]): [string, unknown, Surface, RegExp] => [what, input(element), 'modal', fault]),
    ['an unknown block', [{ type: 'carousel' }], 'message', /blocks\/0\/type/],
    ['an unknown key', [{ ...section, colour: 'red' }], 'message', /colour/],
    [
      'too much text altogether',
      Array.from({ length: 5 }, () => ({ ...section, text: { type: 'plain_text', text: 'x'.repeat(2_900) } })),
      'message',
      /characters of JSON/,
    ],
  ])('finds %s', (_, blocks, surface, fault) => {
    expect(checkBlocks(blocks, surface).join('\n')).toMatch(fault);
  });

  test('finds a modal with inputs and no button to send them', () => {
    const { submit: _submit, ...modal } = renderModal(
      formCard({ kind: 'text', name: 'title', label: 'Title', required: true }),
      'metadata',
    );

    expect(checkView(modal).join()).toMatch(/needs submit/);
    expect(checkView({ ...modal, submit: { type: 'plain_text', text: 'x'.repeat(25) } }).join()).toMatch(
      /view\/submit/,
    );
  });
});
