import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { answerPress } from '../core/kernel/answer.ts';
import { decodePress, encodePress } from '../core/kernel/card.ts';
import { runCommand } from '../core/kernel/registry.ts';
import type { TestApp } from './app.ts';
import { testApp } from './app.ts';
import type { TestFirm } from './firm.ts';
import { as, makeFirm } from './firm.ts';

/* Every button and form that a card of the release before this version carried: they stand in channels and mailboxes for years. */
const PRESSES = readFileSync(join(import.meta.dirname, 'fixtures/previous-presses.txt'), 'utf8')
  .trim()
  .split('\n');

let app: TestApp;
let firm: TestFirm;
let named: Record<string, string>;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  const run = async (person: string, name: string, input: Record<string, string>) =>
    (await runCommand(app, as(firm, person), { name, input, requestId: name })).output as Record<string, string>;
  const { admin, acme } = firm;
  const bug = { project: acme.project, title: 'The pay button', description: 'It does nothing.' };
  const ticket = await run(acme.approver, 'ticket.file-bug', bug);
  const said = await run(admin, 'ticket.reply', { ticket: String(ticket.id), body: 'We look at it.' });
  const plan = { name: 'Checkout', startsOn: '2026-11-02', endsOn: '2026-11-27', deliverables: 'One' };
  const cycle = await run(admin, 'cycle.plan', { project: acme.project, ...plan });
  named = {
    ...{ ticket: String(ticket.id), message: String(said.message), cycle: String(cycle.cycle), project: acme.project },
    ...{ version: '1', page: '0', quoted: 'yes', hash: 'A'.repeat(43) },
    ...{ link: crypto.randomUUID(), identity: crypto.randomUUID() },
  };
});
afterAll(() => app.close());

test.each(PRESSES)(
  '%s is understood: it is done, shown, asked for what is missing, or refused with the reason',
  async (line) => {
    const [target = '', ...keys] = line.split(' ');
    const encoded = encodePress({ target, input: Object.fromEntries(keys.map((key) => [key, String(named[key])])) });
    const press = decodePress(encoded);
    const who = as(firm, firm.admin);
    const answer = await answerPress(app, who, { press: press ?? { target, input: {} }, requestId: line });

    expect(press).not.toBeNull();
    const said = JSON.stringify(answer);
    expect(said).not.toMatch(/There is no (such|command)|nrecognized/);
    // Things that are not there any more, in words; never a fault of ours, never a field that nobody showed.
    if (answer.kind === 'invalid') expect(Object.keys(answer.fields).filter((name) => keys.includes(name))).toEqual([]);
  },
);
