import { expect, test } from '@jest/globals';
import { Together } from './together.ts';

const FIRM = 'a firm';

test('what is asked for while a call is under way goes with the next, and each gets its own output', async () => {
  const calls: number[][] = [];
  const doubled = new Together<number, number>(async (_, numbers) => {
    calls.push(numbers);
    await new Promise((resolve) => setTimeout(resolve, 20));
    return numbers.map((one) => 2 * one);
  });
  const first = doubled.ask(FIRM, 1);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const others = [doubled.ask(FIRM, 2), doubled.ask(FIRM, 3), doubled.ask('another firm', 4)];

  expect(await Promise.all([first, ...others])).toEqual([2, 4, 6, 8]);
  expect(calls).toEqual([[1], [4], [2, 3]]);
});

test('a call waits for more to come, and no longer once there is nothing to wait for', async () => {
  const calls: number[][] = [];
  const run = async (_: string, numbers: number[]) => {
    calls.push(numbers);
    return numbers;
  };
  const gathered = new Together<number, number>(run, (_, waiting) => (waiting < 3 ? 5_000 : 0));
  const began = performance.now();
  const first = gathered.ask(FIRM, 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await Promise.all([first, ...[2, 3].map((one) => gathered.ask(FIRM, one))]);

  expect(calls).toEqual([[1, 2, 3]]);
  expect(performance.now() - began).toBeLessThan(2_000);
});

test('what a call throws all of them get, and the next is made as if nothing had happened', async () => {
  let fails = true;
  const failing = new Together<number, number>(async (_, numbers) => {
    if (fails) throw new Error('the database is away');
    return numbers;
  });
  const asked = await Promise.allSettled([failing.ask(FIRM, 1), failing.ask(FIRM, 2)]);
  fails = false;

  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await failing.ask(FIRM, 3)).toBe(3);
});
