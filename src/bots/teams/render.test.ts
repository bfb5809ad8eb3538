import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import type { Block, Card } from '../../core/kernel/card.ts';
import { decodePress } from '../../core/kernel/card.ts';
import { sampleCards, syntheticCards } from '../../testing/cards.ts';
import { specFile } from '../../testing/specs.ts';
import { checkCard, LIMITS } from './limits.ts';
import type { Showing } from './render.ts';
import { render } from './render.ts';
import { escapeMarkdown } from './text.ts';

/** Each synthetic card as it is posted, and the other ways in which cards are shown. */
const shown: Record<string, [Card, Showing]> = {
  ...Object.fromEntries(Object.entries(syntheticCards).map(([name, card]) => [name, [card, {}]])),
  'form-returned': [
    sample('form'),
    {
      reopen: { target: 'ticket.new-bug', input: {} },
      from: { target: 'home.work', input: {} },
      leave: { label: 'Cancel', to: { target: 'home.work', input: {} } },
      notice: { tone: 'attention', lines: ['Please look at the marked fields. Nothing was changed.'] },
      returned: { typed: { title: 'Pay button', description: 'It does nothing' }, errors: { project: 'is needed' } },
    },
  ],
  refreshed: [sample('plain'), { readers: ['29:reader'], leave: { label: 'Back', to: null } }],
};

function sample(name: string): Card {
  const card = sampleCards[name];
  if (!card) throw new Error(`there is no sample card ${name}`);
  return card;
}

describe.each(Object.entries(shown))('the card %s', (name, [card, showing]) => {
  const golden = join(import.meta.dirname, 'golden', `${name}.json`);

  test('is rendered as its golden file says', () => {
    const text = `${JSON.stringify(render(card, showing), null, 2)}\n`;
    if (process.env.UPDATE_GOLDEN) writeFileSync(golden, text);

    expect(text).toBe(readFileSync(golden, 'utf8'));
  });

  test('is within what Teams takes', () => {
    expect(checkCard(render(card, showing))).toEqual([]);
  });
});

describe('the schema of Adaptive Cards 1.5', () => {
  let faultsOf: (card: unknown) => unknown = () => null;
  beforeAll(() => {
    const official = specFile('adaptive-card-1.5.0.schema.json');
    if (!official) return;
    const ajv = new Ajv({ strict: false, allErrors: false });
    addFormats.default(ajv);
    // It names itself with the keyword of an older draft, which means nothing else in it.
    const { id, $schema, ...schema } = JSON.parse(readFileSync(official, 'utf8')) as Record<string, unknown>;
    const validate = ajv.compile(schema);
    faultsOf = (card) => (validate(card) ? null : validate.errors);
    expect(faultsOf({ type: 'AdaptiveCard', version: '1.5', surprise: true })).not.toBeNull();
  });

  const all = [
    ...Object.entries(sampleCards).map(([name, card]): [string, [Card, Showing]] => [name, [card, {}]]),
    ...Object.entries(shown),
  ];

  test.each(all)('allows the card %s, with nothing unknown in it', (_name, [card, showing]) => {
    expect(faultsOf(render(card, showing))).toBeNull();
  });
});

describe('texts stay texts', () => {
  const everyText = (part: unknown): string[] =>
    typeof part === 'object' && part !== null
      ? Object.entries(part).flatMap(([key, value]) =>
          key === 'data'
            ? []
            : typeof value === 'string' && ['text', 'title', 'value', 'fallbackText'].includes(key)
              ? [value]
              : everyText(value),
        )
      : [];

  test('nothing is written where Markdown would be read, except escaped', () => {
    const rendered = JSON.stringify(render(sample('hostile')));

    expect(rendered).not.toContain('"TextBlock"');
    expect(JSON.parse(rendered)).toMatchObject({
      fallbackText: '\\<!everyone\\> look here',
      body: [
        {},
        {},
        {},
        { type: 'FactSet', facts: [{ title: '\\*\\*label\\*\\*', value: '\\`code\\` \\~strike\\~ \\<!here\\>' }] },
        {},
      ],
    });
  });

  test('a line break begins a paragraph of its own, because clients show it as a space', () => {
    const card = render({ ...sample('plain'), blocks: [{ kind: 'text', text: 'one\n\ntwo\r\nthree' }] });

    expect(card.body.slice(1).map(everyText)).toEqual([['one'], ['two'], ['three']]);
  });

  test('the date functions of Adaptive Cards are not run on what people wrote', () => {
    const texts = everyText(render({ ...sample('plain'), title: 'due {{DATE(2026-11-20T00:00:00Z,LONG)}}' })).join();

    expect(texts).not.toContain('{{DATE(');
    expect(texts.replaceAll('\u200B', '')).toContain('{{DATE(');
  });

  test('escaping keeps the words, whatever they are', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const escaped = escapeMarkdown(text);
        const words = text.replaceAll(/\s+/g, ' ').trim();

        expect(escaped.replaceAll(/\\([\\`*_[\]~<>&#+\-.)])/g, '$1').replaceAll('\u200B', '')).toBe(
          words.replaceAll('\u200B', ''),
        );
        expect(escaped).not.toMatch(/(?<!\\)(?:\\\\)*[`*_[\]~<>&]/);
      }),
    );
  });
});

describe('size', () => {
  test('the largest blocks give way first, and say how much is missing', () => {
    const text = JSON.stringify(render(sample('enormous')));

    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LIMITS.cardBudgetBytes);
    expect(text).toMatch(/… and \d+ more/);
    expect(text).toMatch(/… and \d+ earlier/);
    expect(text).toContain('day 79');
  });

  test('any card fits, however much is in it', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 0, maxLength: 5000, size: 'max' });
    const block = fc.oneof(
      fc.record({ kind: fc.constant('text' as const), text }),
      fc.record({ kind: fc.constant('progress' as const), label: text, percent: fc.integer() }),
      fc.record({
        kind: fc.constant('list' as const),
        items: fc.array(fc.record({ text, detail: text }), { maxLength: 200 }),
      }),
      fc.record({
        kind: fc.constant('timeline' as const),
        items: fc.array(fc.record({ at: fc.constant('now'), who: text, text }), { maxLength: 90 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(block as fc.Arbitrary<Block>, { maxLength: 60 }), text, (blocks, title) => {
        expect(checkCard(render({ ...sample('enormous'), title, blocks }))).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  test('a form that comes back full keeps its fields', () => {
    const typed = { title: '😀'.repeat(4000), description: '😀'.repeat(4000) };
    const card = render(sample('form'), { returned: { typed, errors: { due: 'is in the past' } } });

    expect(checkCard(card)).toEqual([]);
    expect(card.body.flatMap((element) => ('id' in element ? [element.id] : []))).toEqual([
      'field:project',
      'field:title',
      'field:description',
      'field:due',
    ]);
  });
});

describe('boxes', () => {
  const boxes = (count: number, value?: string): Card => ({
    ...sample('plain'),
    blocks: [
      {
        kind: 'form',
        submit: { label: 'Save', press: { target: 'test.save', input: {} } },
        fields: [
          {
            kind: 'several',
            name: 'parts',
            label: 'Parts',
            required: false,
            needed: true,
            least: 0,
            most: 100,
            ...(value === undefined ? {} : { value }),
            options: Array.from({ length: count }, (_, at) => ({ value: `${at}`, label: `Part ${at}` })),
          },
        ],
      },
    ],
  });
  const input = (card: Card, showing: Showing = {}) =>
    render(card, showing).body.find((element) => element.type === 'Input.ChoiceSet');

  test('stand open where they are few, and in a list that opens where they are many', () => {
    expect(input(boxes(3, '2,0,9'))).toMatchObject({ isMultiSelect: true, style: 'expanded', value: '0,2' });
    expect(input(boxes(30))).toMatchObject({ isMultiSelect: true, style: 'compact', choices: { length: 30 } });
    expect(input(boxes(30))).not.toHaveProperty('value');
  });

  test('that come back hold what was ticked and nothing else, also where not all of them fit', () => {
    const back = (typed: Record<string, string>) => input(boxes(900, '1'), { returned: { typed, errors: {} } });

    expect(back({ parts: '899,5,nonsense' })).toMatchObject({ value: '5,899' });
    expect(JSON.stringify(back({ parts: '899' }))).toContain('Part 899');
    expect(back({})).not.toHaveProperty('value');
    const hostile = Array.from({ length: 1_000 }, (_, at) => at).join();
    expect(checkCard(render(boxes(900), { returned: { typed: { parts: hostile }, errors: {} } }))).toEqual([]);
  });
});

describe('buttons', () => {
  test('that are not on the card’s face go behind the menu, and so do links for which the row has no room', () => {
    const modes = (card: Card) => render(card, { leave: { label: 'Back', to: null } }).actions?.map(({ mode }) => mode);
    const link = { kind: 'link' as const, label: 'Page', url: 'https://parley.example' };
    const [primary, secondary] = [undefined, 'secondary'];

    expect(modes(sample('enormous'))).toEqual([...Array(3).fill(primary), ...Array(6).fill(secondary), primary]);
    expect(modes({ ...sample('plain'), actions: Array(7).fill(link) })).toEqual([
      ...Array(6).fill(primary),
      secondary,
      secondary,
    ]);
  });

  test('carry the press, the view they stand on, and the form to come back to', () => {
    const { actions } = render(sample('form'), {
      from: { target: 'home.work', input: {} },
      reopen: { target: 'ticket.new-bug', input: {} },
    });

    expect(actions?.[0]).toMatchObject({
      verb: 'press',
      associatedInputs: 'auto',
      data: { press: 'ticket.file-bug', form: 'ticket.new-bug', from: 'home.work' },
    });
    expect(actions?.[1]).toMatchObject({
      title: 'Cancel',
      associatedInputs: 'none',
      data: { press: 'home.work', from: 'home.work' },
    });
  });

  test('each press can be read again', () => {
    const presses = render(sample('every-block')).actions?.flatMap((action) =>
      action.type === 'Action.Execute' ? [decodePress(action.data.press ?? '')] : [],
    );

    expect(presses?.map((press) => press?.target)).toEqual(['cycle.approve', 'cycle.dispute-form']);
  });
});
