import { expect, test } from '@jest/globals';
import { bareThing, takingAnswers } from '../../testing/bare-thing.ts';
import type { Button } from './card.ts';
import type { AnyCommand } from './command.ts';
import { command } from './command.ts';
import { area, buildRegistry } from './registry.ts';
import { doneCard } from './thing-definition.ts';

const deal = () => bareThing('deal', 'deal.show');
const answer = command({
  name: 'deal.answer',
  input: {} as never,
  load: async () => ({}),
  policy: () => true,
  handle: async () => ({ events: [] as never, output: {} }),
  reply: () => ({}) as never,
});

test('a thing is registered with the view that shows it and the command that takes answers to its card', () => {
  const own = deal();
  const { things } = buildRegistry([area({ name: 'deals', things: [own], commands: [takingAnswers(answer, own)] })]);

  expect(things.get('deal')?.showing('1')).toEqual({ target: 'deal.show', input: { deal: '1' } });
  expect(things.get('deal')).toMatchObject({ answer: 'deal.answer', note: undefined });
});

test('two things of one name do not start: an id in a press must mean one', () => {
  const areas = ['deals', 'others'].map((name) => area({ name, things: [deal()] }));
  expect(() => buildRegistry(areas)).toThrow('deal is registered twice');
});

test('buttons stand by their rank, those of one rank by name, and those without one behind all others', () => {
  const own = deal();
  const { command: declare } = own as never as { command(act: object): AnyCommand };
  const commands = Object.entries({ note: undefined, send: 2, close: 1, answer: undefined, accept: 1 }).map(
    ([name, rank]) => declare({ name: `deal.${name}`, button: { label: name }, rank, who: () => true }),
  );
  area({ name: 'deals', things: [own], commands });

  const labels = own.buttons({ id: '1', version: 1 }, {} as never).map(({ label }) => label);
  expect(labels).toEqual(['accept', 'close', 'send', 'answer', 'note']);
});

test('a command that decides about what nothing writes does not start', () => {
  const declare = (deal() as never as { command(act: object): unknown }).command;
  expect(() => declare({ name: 'deal.close', who: () => true, decide: (it: object) => it })).toThrow(
    'deal.close decides about a deal, which nothing writes',
  );
});

test('what is answered leads to the thing, elsewhere where a command says so, or nowhere where nothing is left', () => {
  const own = deal();
  const done = own.done({ id: '1', version: 1 }, 'It is done.', { more: 'words' });
  const next: Button = { kind: 'button', label: 'Show the code', press: { target: 'deal.code', input: {} } };

  expect(done).toEqual({ id: '1', version: 1, called: 'deal', say: 'It is done.', more: 'words' });
  expect(doneCard(own, done)).toMatchObject({ title: 'It is done.', actions: [{ label: 'Open deal' }] });
  expect(doneCard(own, { ...done, next }).actions).toEqual([next]);
  expect(doneCard(own, { ...done, next: null }).actions).toEqual([]);
});
