import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Module, Who } from '../core/kernel/actor.ts';
import { MODULES } from '../core/kernel/actor.ts';
import type { AnyCommand } from '../core/kernel/command.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { Area } from '../core/kernel/registry.ts';
import { showView } from '../core/kernel/registry.ts';
import type { AnyView } from '../core/kernel/view.ts';
import type { TestApp } from './app.ts';
import { testApp } from './app.ts';
import { asOwner } from './database.ts';
import { inputFor, namesOf } from './example-press.ts';
import type { Examples, Made, Stage } from './examples.ts';
import { examplesOf, givenFor, madeOn, stageOf } from './examples.ts';
import type { TestFirm } from './firm.ts';
import { as, makeFirm } from './firm.ts';
import { may, withoutModule } from './roles.ts';

const GOLDEN = join(import.meta.dirname, 'golden/permissions.txt');

let app: TestApp;
let firm: TestFirm;
let stage: Stage;
let roles: Stage['roles'];
/** Of each area: what its inputs may name, once made of Acme's first project. */
const tried = new Map<Area, { examples: Examples; made: Made }>();

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  stage = stageOf(app, firm, firm.acme, 'Quince');
  roles = stage.roles;
  for (const area of app.registry.areas) {
    const examples = await examplesOf(area);
    tried.set(area, { examples, made: await madeOn(stage, examples) });
  }
});
afterAll(() => app.close());

/** What may be given to a command or view of an area. */
function givenTo(item: AnyCommand | AnyView): Made {
  const area = app.registry.areas.find(({ commands, views }) => [...commands, ...views].includes(item));
  const { examples = {}, made = {} } = (area && tried.get(area)) ?? {};
  return givenFor(examples, item, made);
}

/** Shows a view of what the examples made; the card, or the code of the refusal. */
async function show(view: AnyView, who: Who) {
  const given = givenTo(view);
  const input = Object.fromEntries(
    namesOf(view).flatMap((name) => (given[name] === undefined ? [] : [[name, given[name] as string]])),
  );
  try {
    return { card: await showView(app, who, { target: view.name, input }) };
  } catch (error) {
    if (error instanceof DomainError) return { refused: error.code };
    throw error;
  }
}

const people = () => Object.entries(roles).filter(([, who]) => who.kind === 'person');

describe('the right to read', () => {
  test('what shows things of several modules leaves out those that may not be read', async () => {
    const words: Partial<Record<Module, string[]>> = {
      projects: ['Checkout of', 'cycle.show', 'project.list'],
      tickets: ['The pay button of', 'ticket.show', 'ticket.file-'],
    };
    await asOwner(app.database)(`update ticket set status = 'needs_info'`);
    for (const view of [...app.registry.views.values()].filter(({ module }) => module === null))
      for (const module of MODULES)
        for (const [role, who] of people()) {
          const answer = await withoutModule(app, who, module, () => show(view, who));
          const text = JSON.stringify(answer);
          const leaked = (words[module] ?? []).filter((word) => view.name === 'home.work' && text.includes(word));
          expect({ view: view.name, role, module, leaked }).toEqual({ view: view.name, role, module, leaked: [] });
        }
    await asOwner(app.database)(`update ticket set status = 'new'`);
  });

  test('a role that may not read a module in one project is shown nothing of it there', async () => {
    const feedback = as(firm, firm.acme.feedback);
    for (const target of ['project.show', 'cycle.list'])
      await expect(showView(app, feedback, { target, input: { project: firm.acme.project } })).rejects.toMatchObject({
        code: 'forbidden',
      });
    const list = await showView(app, feedback, { target: 'project.list', input: {} });
    expect(JSON.stringify(list)).not.toContain('Acme website');
  });
});

test('who may do and see what is as it was reviewed', async () => {
  const lines = [`${'# command or view'.padEnd(26)} ${Object.keys(roles).join(' | ')}`];
  for (const command of app.registry.commands.values()) {
    const answers: string[] = [];
    for (const who of Object.values(roles))
      answers.push(await may(app, command, who, inputFor(stage, command, givenTo(command))));
    lines.push(`${command.name.padEnd(26)} ${answers.join(' | ')} (from ${leastOf(command)})`);
  }
  for (const view of app.registry.views.values()) {
    const answers: string[] = [];
    for (const who of Object.values(roles)) {
      const answer = await show(view, who);
      answers.push('card' in answer ? 'yes' : answer.refused === 'not_found' ? 'hidden' : 'no');
    }
    lines.push(`${view.name.padEnd(26)} ${answers.join(' | ')} (reads ${view.module ?? 'nothing of a module'})`);
  }
  const text = `${lines.join('\n')}\n`;
  if (process.env.UPDATE_GOLDEN) writeFileSync(GOLDEN, text);

  expect(text).toBe(readFileSync(GOLDEN, 'utf8'));
});

/** The least assurance that may do it. */
function leastOf({ assurance = 'link' }: AnyCommand): string {
  return typeof assurance === 'string' ? assurance : 'link, surer by what it is about';
}
