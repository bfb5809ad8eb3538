import { expect, test } from '@jest/globals';
import { checkCard, LIMITS } from './limits.ts';

const card = (more: object = {}) => ({ type: 'AdaptiveCard', version: '1.5', body: [], ...more });
const button = { type: 'Action.Execute', title: 'Go', verb: 'press', data: {} };

test('a card within the limits has no faults', () => {
  expect(checkCard(card({ actions: Array.from({ length: 6 }, () => button) }))).toEqual([]);
});

test('each limit of Teams is named when it is broken', () => {
  const text = { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: 'é'.repeat(LIMITS.cardBytes / 2) }] };

  expect(checkCard(card({ body: [text] }))).toEqual([expect.stringMatching(/^it takes \d+ bytes; at most 28672 fit$/)]);
  expect(checkCard(card({ version: '1.6' }))).toEqual(['version 1.6 is not 1.0 to 1.5']);
  expect(checkCard(card({ version: '2.0' }))).toHaveLength(1);
  expect(checkCard(card({ refresh: { action: button, userIds: Array.from({ length: 61 }, () => '29:x') } }))).toEqual([
    'refresh names 61 users; at most 60 are refreshed',
  ]);
  expect(checkCard(card({ actions: Array.from({ length: 7 }, () => button) }))).toEqual([
    '7 buttons in a row; at most 6 are shown',
  ]);
  expect(checkCard(card({ actions: [{ type: 'Action.OpenUrl', url: 'javascript:alert(1)' }] }))).toEqual([
    'javascript:alert(1) is not a web address',
  ]);
  expect(checkCard(card({ actions: [{ type: 'Action.Execute' }] }))).toEqual(['Action.Execute needs a verb and data']);
  expect(checkCard({ type: 'Message' })).toEqual(['it is not an Adaptive Card']);
});

test('inputs need a name of their own and a label', () => {
  const input = { type: 'Input.Text', id: 'field:a', label: 'A' };

  expect(checkCard(card({ body: [input, { type: 'Container', items: [input] }] }))).toEqual([
    'the id field:a is used twice',
  ]);
  expect(checkCard(card({ body: [{ type: 'Input.Date', id: 'field:b' }] }))).toEqual([
    'Input.Date needs an id and a label',
  ]);
});

test('what a button carries is not taken for a part of the card', () => {
  expect(checkCard(card({ actions: [{ ...button, data: { type: 'Input.Text' } }] }))).toEqual([]);
});
