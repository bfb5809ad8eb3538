import { expect, jest, test } from '@jest/globals';
import { RetryLater } from '../core/kernel/jobs.ts';
import { RateLimited } from './channel.ts';
import { Pace } from './pace.ts';

/** Calls that end when they are told to. */
function calls(pace: Pace, account = 'T1') {
  const under: { name: string; end(): void; fail(error: Error): void }[] = [];
  const call = (name: string, order = 0) =>
    pace.call(account, order, () => new Promise<void>((end, fail) => void under.push({ name, end, fail })));
  return { under, call, names: () => under.map(({ name }) => name) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('an account gets a few calls at a time, and one that hangs takes the place of one', async () => {
  const { under, call } = calls(new Pace());
  const all = Array.from({ length: 12 }, (_, index) => call(`call ${index}`));
  await settled();
  expect(under).toHaveLength(8);

  for (let ended = 1; ended < 12; ended += 1) {
    under[ended]?.end();
    await settled();
  }
  expect(under).toHaveLength(12);
  under[0]?.end();
  await Promise.all(all);
});

test('of the calls that wait, that of the work which began first goes first', async () => {
  const { under, call, names } = calls(new Pace());
  for (let index = 0; index < 8; index += 1) void call(`busy ${index}`);
  void call('third', 3);
  void call('first', 1);
  void call('second', 2);
  void call('first again', 1);
  await settled();
  for (const one of under.slice(0, 8)) one.end();
  await settled();

  expect(names().slice(8)).toEqual(['first', 'first again', 'second', 'third']);
});

test('while people wait for an answer, an account gets one call at a time', async () => {
  let waiting = true;
  const { under, call, names } = calls(new Pace(() => waiting));
  for (const name of ['one', 'two', 'three', 'four']) void call(name);
  await settled();
  expect(names()).toEqual(['one']);

  waiting = false;
  under[0]?.end();
  await settled();
  expect(names()).toEqual(['one', 'two', 'three', 'four']);
});

test('one account waits for no other', async () => {
  const pace = new Pace();
  const [busy, calm] = [calls(pace, 'T1'), calls(pace, 'T2')];
  for (let index = 0; index < 20; index += 1) void busy.call(`busy ${index}`);
  void calm.call('calm');
  await settled();

  expect(calm.names()).toEqual(['calm']);
});

test('an account that asks for a pause gets no call until it is over, and then one at a time', async () => {
  const now = jest.spyOn(performance, 'now').mockReturnValue(1_000);
  try {
    const { under, call, names } = calls(new Pace());
    const refused = Array.from({ length: 10 }, (_, index) => call(`call ${index}`).catch((error: unknown) => error));
    await settled();
    under[0]?.fail(new RateLimited('account', 30, 'too many'));
    for (const one of under.slice(1, 8)) one.end();
    const errors = (await Promise.all(refused)).filter((error) => error instanceof RetryLater);
    // The one that was refused, and the two that waited: they are not even sent.
    expect(errors).toHaveLength(3);
    expect(under).toHaveLength(8);

    now.mockReturnValue(30_900);
    await expect(call('too early')).rejects.toMatchObject({ seconds: 1 });

    now.mockReturnValue(31_000);
    for (const name of ['one', 'two', 'three']) void call(name);
    await settled();
    expect(names().slice(8)).toEqual(['one']);
    under.at(-1)?.end();
    await settled();
    expect(names().slice(8)).toEqual(['one', 'two']);

    now.mockReturnValue(91_001);
    under.at(-1)?.end();
    await settled();
    for (const name of ['four', 'five']) void call(name);
    await settled();
    expect(names().slice(8)).toEqual(['one', 'two', 'three', 'four', 'five']);
  } finally {
    now.mockRestore();
  }
});

test('a pause of one room is no pause of its account', async () => {
  const { under, call, names } = calls(new Pace());
  const refused = call('a room').catch((error: unknown) => error);
  await settled();
  under[0]?.fail(new RateLimited('room', 30, 'too many'));
  await refused;
  void call('another room');
  await settled();

  expect(names()).toEqual(['a room', 'another room']);
});
