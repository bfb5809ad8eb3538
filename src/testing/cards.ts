import type { Card, Field } from '../core/kernel/card.ts';
import { areaCards } from './area-cards.ts';

const id = '0b9c1c1e-6c1f-4f43-9a52-0e3c1f0a7b11';

type Boxes = Extract<Field, { kind: 'several' }>;

const boxes = (label: string, count: number, more: Partial<Boxes>): Boxes => ({
  kind: 'several',
  name: 'take',
  label,
  required: false,
  needed: true,
  least: 0,
  most: 100,
  options: Array.from({ length: count }, (_, at) => ({
    value: `${at + 1}`,
    label: `${at + 1}. Part of the <shop> & *more*`,
  })),
  ...more,
});

/** Synthetic cards: one for each kind of block, and the extremes that a renderer must cut, split or escape. */
export const syntheticCards: Readonly<Record<string, Card>> = {
  plain: {
    title: 'Nothing to do',
    tone: 'neutral',
    blocks: [{ kind: 'text', text: 'All caught up.' }],
    actions: [],
    fallback: 'Nothing to do',
    about: { entity: 'home', id, version: 0 },
  },
  'every-block': {
    title: 'Checkout redesign',
    tone: 'attention',
    status: 'In review',
    blocks: [
      { kind: 'text', text: 'Please look at what was delivered.' },
      { kind: 'text', text: 'Version 2 of the scope', subtle: true },
      {
        kind: 'facts',
        facts: [
          { label: 'Dates', value: '2 Nov – 27 Nov 2026' },
          { label: 'Review closes', value: 'Fri 4 Dec, 17:00 EST' },
        ],
      },
      {
        kind: 'list',
        title: 'Deliverables',
        items: [
          { text: 'Basket page', detail: 'Desktop and mobile', mark: 'done' },
          {
            text: 'Payment page',
            mark: 'open',
            button: { kind: 'button', label: 'Open', press: { target: 'cycle.show', input: { cycle: id } } },
          },
          { text: 'Guest checkout', mark: 'added' },
          { text: 'Voucher page', mark: 'removed' },
          { text: 'Receipt mail', detail: 'now in two languages', mark: 'changed' },
        ],
      },
      { kind: 'progress', label: 'Build', percent: 65 },
      {
        kind: 'timeline',
        title: 'Conversation',
        items: [
          { at: '2 Nov, 09:12', who: 'Ada Admin', text: 'Work has begun.' },
          { at: '9 Nov, 15:40', who: 'Acme Approver', text: 'Looks good so far.', internal: true },
        ],
      },
    ],
    actions: [
      {
        kind: 'button',
        label: 'Approve',
        style: 'primary',
        press: { target: 'cycle.approve', input: { cycle: id, hash: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg' } },
      },
      {
        kind: 'button',
        label: 'Dispute…',
        style: 'danger',
        press: { target: 'cycle.dispute-form', input: { cycle: id, version: '3' } },
      },
      { kind: 'link', label: 'Open in Parley', url: 'https://parley.example.com/cycles/1' },
    ],
    fallback: 'Checkout redesign is in review until Fri 4 Dec.',
    about: { entity: 'cycle', id, version: 3 },
  },
  form: {
    title: 'Report a bug',
    tone: 'info',
    blocks: [
      { kind: 'text', text: 'What went wrong?' },
      {
        kind: 'form',
        submit: { label: 'File bug', press: { target: 'ticket.file-bug', input: {} } },
        fields: [
          {
            kind: 'choice',
            name: 'project',
            label: 'Project',
            required: true,
            options: [
              { value: id, label: 'Acme website' },
              { value: '3f0a7b11-6c1f-4f43-9a52-0e3c1f0a7b11', label: 'Acme app' },
            ],
          },
          {
            kind: 'text',
            name: 'title',
            label: 'Title',
            required: true,
            maxLength: 120,
            placeholder: 'The pay button does nothing',
          },
          {
            kind: 'text',
            name: 'description',
            label: 'What happened',
            required: true,
            multiline: true,
            maxLength: 4000,
          },
          {
            kind: 'date',
            name: 'due',
            label: 'Needed by',
            required: false,
            hint: 'Leave empty when there is no date.',
          },
        ],
      },
    ],
    actions: [{ kind: 'button', label: 'Cancel', press: { target: 'home.work', input: {} } }],
    fallback: 'Report a bug',
    about: { entity: 'ticket', id, version: 0 },
  },
  boxes: {
    title: 'Accept Q-12',
    tone: 'info',
    blocks: [
      {
        kind: 'form',
        submit: { label: 'Accept', press: { target: 'quote.accept', input: { quote: id } } },
        fields: [
          boxes('Which options do you take?', 3, { value: '2', hint: 'Without any you take only what is fixed.' }),
          boxes('Which parts are concerned?', 30, { name: 'parts', required: true, least: 1, most: 5, value: '7,29' }),
        ],
      },
    ],
    actions: [],
    fallback: 'Accept Q-12',
    about: { entity: 'quote', id, version: 2 },
  },
  'boxes-enormous': {
    title: 'Who is told?',
    tone: 'info',
    blocks: [
      {
        kind: 'form',
        submit: { label: 'Save', press: { target: 'test.save', input: {} } },
        fields: [
          boxes('People', 250, { needed: false, value: '1,250' }),
          { kind: 'text', name: 'note', label: 'Note', required: false, maxLength: 200 },
        ],
      },
    ],
    actions: [],
    fallback: 'Who is told?',
    about: { entity: 'room', id, version: 1 },
  },
  hostile: {
    title: '<b>Bold</b> & <!channel> *stars* _under_ [link](https://evil.example)',
    tone: 'danger',
    blocks: [
      { kind: 'text', text: '<script>alert(1)</script> <@U123> <https://evil.example|click> @everyone\nsecond line' },
      { kind: 'facts', facts: [{ label: '**label**', value: '`code` ~strike~ <!here>' }] },
      { kind: 'list', items: [{ text: '# heading\n- bullet', detail: '> quote' }] },
    ],
    actions: [
      {
        kind: 'button',
        label: 'A label that is far too long for a button on any of the platforms that we speak to, really',
        press: { target: 'home.work', input: {} },
      },
    ],
    fallback: '<!everyone> look here',
    about: { entity: 'ticket', id, version: 1 },
  },
  enormous: {
    title: 'T'.repeat(400),
    tone: 'info',
    blocks: [
      { kind: 'text', text: 'word '.repeat(2500) },
      {
        kind: 'facts',
        facts: Array.from({ length: 40 }, (_, index) => ({ label: `Fact ${index}`, value: 'v'.repeat(300) })),
      },
      {
        kind: 'list',
        title: 'Many',
        items: Array.from({ length: 120 }, (_, index) => ({
          text: `Item ${index} ${'x'.repeat(200)}`,
          mark: 'open' as const,
        })),
      },
      {
        kind: 'timeline',
        items: Array.from({ length: 80 }, (_, index) => ({
          at: `day ${index}`,
          who: 'Somebody',
          text: 'said '.repeat(100),
        })),
      },
    ],
    actions: Array.from({ length: 9 }, (_, index) => ({
      kind: 'button' as const,
      label: `Action ${index}`,
      press: { target: 'home.work', input: { page: String(index) } },
    })),
    fallback: 'f'.repeat(1000),
    about: { entity: 'ticket', id, version: 7 },
  },
};

/** Every card that channels are tested with: what the areas really draw, and what none of them would. */
export const sampleCards: Readonly<Record<string, Card>> = { ...syntheticCards, ...areaCards };
