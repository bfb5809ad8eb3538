import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Module, Who } from '../core/kernel/actor.ts';
import { MODULES } from '../core/kernel/actor.ts';
import type { AnyCommand } from '../core/kernel/command.ts';
import { withActor } from '../core/kernel/context.ts';
import { DomainError } from '../core/kernel/errors.ts';
import { runCommand, showView } from '../core/kernel/registry.ts';
import type { AnyView } from '../core/kernel/view.ts';
import type { TestApp } from './app.ts';
import { testApp } from './app.ts';
import { asOwner } from './database.ts';
import type { TestFirm } from './firm.ts';
import { as, makeFirm } from './firm.ts';

const GOLDEN = join(import.meta.dirname, 'golden/permissions.txt');

let app: TestApp;
let firm: TestFirm;
/** What inputs may name: each thing once, of Acme's first project. */
let named: Record<string, string>;
let cycleMessage: string;
let roles: Record<string, Who>;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  const { acme, admin, tenantId } = firm;
  const run = async (who: Who, name: string, input: Record<string, unknown>) =>
    (await runCommand(app, who, { name, input, requestId: name })).output as Record<string, string>;
  const project = { project: acme.project };
  const days = { startsOn: '2026-11-02', endsOn: '2026-11-27' };
  const cycle = await run(as(firm, admin), 'cycle.plan', {
    ...project,
    ...days,
    name: 'Checkout',
    deliverables: 'One',
  });
  const bug = { ...project, title: 'The pay button', description: 'It does nothing' };
  const ticket = await run(as(firm, acme.approver), 'ticket.file-bug', bug);
  const said = await run(as(firm, admin), 'ticket.reply', { ticket: ticket.id, body: 'We look at it' });
  const answered = await run(as(firm, admin), 'cycle.reply', { cycle: String(cycle.cycle), body: 'In time' });
  const [inThread] = await asOwner(app.database)('select id from message where cycle_id = $1', [answered.cycle]);
  const [identity] = await asOwner(app.database)(`select id from identity where person_id = $1`, [acme.viewer]);
  const [connection] = await asOwner(app.database)(`select id from connection where tenant_id = $1 limit 1`, [
    tenantId,
  ]);
  const proof = JSON.stringify({
    ...{ tenantId, id: crypto.randomUUID(), tool: 'slack', account: 'T1', clientId: null, settings: {}, scopes: [] },
    ...{ listens: false, expiresAt: null, sealed: '' },
  });
  cycleMessage = String(inThread?.id);
  named = {
    ...project,
    client: acme.id,
    cycle: String(cycle.cycle),
    ticket: String(ticket.id),
    message: String(said.message),
    version: '1',
    page: '0',
    person: acme.viewer,
    room: acme.room,
    connection: String(connection?.id),
    proof,
    signature: app.secrets.sign('proven account', proof),
    identity: String(identity?.id),
    link: crypto.randomUUID(),
    provider: 'slack',
    account: tenantId,
    externalId: 'U-new',
  };
  roles = {
    admin: as(firm, admin),
    partner: as(firm, firm.partner),
    member: as(firm, firm.member),
    'client admin': as(firm, acme.clientAdmin),
    approver: as(firm, acme.approver),
    viewer: as(firm, acme.viewer),
    feedback: as(firm, acme.feedback),
    'other client': as(firm, firm.globex.clientAdmin),
    'client room': { kind: 'audience', tenantId, roomId: acme.room },
    'triage room': { kind: 'audience', tenantId, roomId: firm.triageRoom },
    connector: { kind: 'integration', tenantId, connector: 'jira', account: 'x' },
    system: { kind: 'system', tenantId, reason: 'test' },
  };
});
afterAll(() => app.close());

/** Shows a view of the things named above; the card, or the code of the refusal. */
async function show(view: AnyView, who: Who) {
  const shape = (view.input as unknown as { shape: Record<string, unknown> }).shape;
  // A message is of a ticket or of a cycle.
  const things = view.name === 'cycle.message' ? { ...named, message: cycleMessage } : named;
  const input = Object.fromEntries(Object.entries(things).filter(([name]) => name in shape));
  try {
    return { card: await showView(app, who, { target: view.name, input }) };
  } catch (error) {
    if (error instanceof DomainError) return { refused: error.code };
    throw error;
  }
}

/** May this actor? By the command's own load and policy, in a transaction that writes nothing. */
async function may(command: AnyCommand, who: Who): Promise<string> {
  const subject = { ...named, of: { id: named.ticket, number: null }, channel: 'slack', address: 'C-anywhere' };
  return withActor(app, who, async (context) => {
    const found = await command.load(context, subject);
    if (found === null) return 'hidden';
    return command.policy(context.actor, found) && who.kind !== 'audience' ? 'yes' : 'no';
  }).catch((error: unknown) => {
    // What the actor's database role may not even lock.
    if (error instanceof DomainError && error.code === 'forbidden') return 'no';
    throw error;
  });
}

async function withGrants<T>(who: Who, module: Module, work: () => Promise<T>): Promise<T> {
  const set = (grants: object) =>
    asOwner(app.database)('update person set grants = $1 where id = $2', [
      JSON.stringify(grants),
      who.kind === 'person' ? who.personId : null,
    ]);
  await set({ [module]: 'none' });
  try {
    return await work();
  } finally {
    await set({});
  }
}

const people = () => Object.entries(roles).filter(([, who]) => who.kind === 'person');

/** The form of a command: shown, or the code of the refusal. */
async function ask(command: AnyCommand, who: Who) {
  const input = Object.fromEntries(['project', 'cycle', 'ticket', 'version'].map((name) => [name, named[name] ?? '']));
  try {
    return { card: await showView(app, who, { target: command.name, input }) };
  } catch (error) {
    if (error instanceof DomainError) return { refused: error.code };
    throw error;
  }
}

describe('a form', () => {
  test('is shown to those who may do what it asks for, and to nobody else', async () => {
    const faults: string[] = [];
    for (const command of [...app.registry.commands.values()].filter(({ about, form }) => about && form))
      for (const [role, who] of people()) {
        const [shown, allowed] = [await ask(command, who), await may(command, who)];
        // What only the state forbids is refused with another code, once the right was asked.
        const asked = 'card' in shown || shown.refused === 'conflict';
        if (asked !== (allowed === 'yes')) faults.push(`${role}: ${command.name} ${JSON.stringify(shown)}`);
      }

    expect(faults).toEqual([]);
  });

  test('is hidden by none on the module of its thing', async () => {
    const shown: string[] = [];
    for (const command of app.registry.commands.values())
      for (const [role, who] of people()) {
        const module = command.form && command.about?.thing.module;
        if (!module) continue;
        const answer = await withGrants(who, module, () => ask(command, who));
        if ('card' in answer) shown.push(`${role} is asked ${command.name}`);
      }

    expect(shown).toEqual([]);
  });
});

describe('the right to read', () => {
  test('every view can be shown to somebody, so that the next test can fail', async () => {
    const never: string[] = [];
    for (const view of app.registry.views.values()) {
      const shown = await Promise.all(Object.values(roles).map((who) => show(view, who)));
      if (!shown.some((one) => 'card' in one)) never.push(view.name);
    }

    // What is about linking an account or signing in is shown to the one person whose account it is to be.
    expect(never).toEqual([
      'identity.code',
      'identity.asking',
      'identity.linked-notice',
      'identity.issued-code',
      'session.link',
      'session.begun-notice',
    ]);
  });

  test('none on a module hides each of its views, whatever the role', async () => {
    const shown: string[] = [];
    for (const view of app.registry.views.values())
      for (const [role, who] of people())
        for (const module of view.module === null ? [] : [view.module]) {
          const answer = await withGrants(who, module, () => show(view, who));
          if ('card' in answer) shown.push(`${role} is shown ${view.name}`);
        }

    expect(shown).toEqual([]);
  });

  test('what shows things of several modules leaves out those that may not be read', async () => {
    const words: Partial<Record<Module, string[]>> = {
      projects: ['Checkout', 'cycle.show', 'project.list'],
      tickets: ['The pay button', 'ticket.show', 'ticket.file-'],
    };
    await asOwner(app.database)(`update ticket set status = 'needs_info'`);
    for (const view of [...app.registry.views.values()].filter(({ module }) => module === null))
      for (const module of MODULES)
        for (const [role, who] of people()) {
          const answer = await withGrants(who, module, () => show(view, who));
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
    for (const who of Object.values(roles)) answers.push(await may(command, who));
    lines.push(`${command.name.padEnd(26)} ${answers.join(' | ')} (from ${command.assurance ?? 'link'})`);
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
