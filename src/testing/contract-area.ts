import { z } from 'zod';
import type { Card, Press } from '../core/kernel/card.ts';
import { command } from '../core/kernel/command.ts';
import type { Context } from '../core/kernel/context.ts';
import { DomainError } from '../core/kernel/errors.ts';
import { several } from '../core/kernel/field.ts';
import { formCard, formFor } from '../core/kernel/form.ts';
import { area } from '../core/kernel/registry.ts';
import { tickedOf } from '../core/kernel/ticks.ts';
import { bareThing, takingAnswers } from './bare-thing.ts';
import { cardView } from './card-view.ts';

export interface Project {
  id: string;
  name: string;
  stage: string;
  version: number;
  client_id: string;
}

const Of = z.strictObject({ project: z.uuid() });
const press = (target: string, input: Record<string, string> = {}): Press => ({ target, input });
const button = (label: string, to: Press) => ({ kind: 'button' as const, label, press: to });
const sentence = (title: string): Card => ({
  title,
  tone: 'good',
  blocks: [],
  actions: [],
  fallback: title,
  about: { entity: 'project', id: '', version: 0 },
});

function projectCard({ id, name, version }: Project): Card {
  return {
    title: name,
    tone: 'info',
    status: `Version ${version}`,
    blocks: [{ kind: 'text', text: 'How is it going?' }],
    actions: [
      button('Finish', press('test.finish', { project: id, version: String(version) })),
      button('Rename…', press('test.rename-form', { project: id })),
      button('Details', press('test.show', { project: id })),
      button('Close', press('test.finish', { project: id, version: String(version), to: 'closed' })),
      button('My work', press('home.work')),
      button('Pick…', press('test.pick', { project: id })),
      { kind: 'link', label: 'Open', url: 'https://parley.example.com' },
    ],
    fallback: `${name}, version ${version}`,
    about: { entity: 'project', id, version },
  };
}

const form = (title: string, submit: Press, name: string, value?: string): Card => ({
  ...sentence(title),
  blocks: [
    {
      kind: 'form',
      submit: { label: 'Send', press: submit },
      fields: [{ kind: 'text', name, label: 'Text', required: true, maxLength: 100, ...(value ? { value } : {}) }],
    },
  ],
});

const RENAMING = { name: z.string().min(3, 'Please write at least three letters.').meta({ label: 'Name' }) };
const LINKING = { email: z.string().meta({ label: 'Mail address' }) };

const PICKING = { parts: several({ label: 'Parts' }) };
/** What is closed offers less than it did. */
const offeredIn = ({ stage }: Project) => (stage === 'closed' ? ['a'] : ['a', 'b', 'c']);

async function projectNow({ sql }: Pick<Context, 'sql'>, { project: id }: { project: string }): Promise<Project> {
  const [found] = await sql<Project>`select * from project where id = ${id}`;
  if (!found) throw new DomainError('not_found', 'There is no such project.');
  return found;
}

const pick = command({
  name: 'test.pick',
  form: {
    fields: PICKING,
    opens: Of,
    draw: async (context, opened, asked) => {
      const found = await projectNow(context, opened as z.infer<typeof Of>);
      const about = { entity: 'project', id: found.id, version: found.version };
      const parts = offeredIn(found).map((value) => ({ value, label: `Part ${value}` }));
      return formCard(asked, { title: 'Pick parts', submit: 'Send', about }, PICKING, { choices: { parts } });
    },
  },
  input: Of.extend(PICKING),
  load: (context, { project: id }) => projectNow(context, { project: id }),
  policy: (actor) => actor.kind === 'person' && actor.side === 'staff',
  handle: async (_context, { project: id, parts }, subject) => ({
    events: [
      {
        name: 'test.picked',
        about: { entity: 'project', id },
        clientId: subject.client_id,
        projectId: id,
        data: { parts: tickedOf('parts', parts, offeredIn(subject)) },
      },
    ],
    output: {},
  }),
  reply: () => sentence('Your parts are picked'),
});

const project = bareThing('project', 'test.show');

const answer = command({
  name: 'test.answer',
  input: Of.extend({ body: z.string(), saidIn: z.uuid().optional() }),
  load: async ({ sql }, { project }) => (await sql<Project>`select * from project where id = ${project}`)[0] ?? null,
  policy: (actor) => actor.kind === 'person' && actor.side === 'staff',
  handle: async (_context, { project, body }, subject) => ({
    events: [
      {
        name: 'test.answered',
        about: { entity: 'project', id: project },
        clientId: subject.client_id,
        projectId: project,
        data: { body },
      },
    ],
    output: {},
  }),
  reply: () => sentence('Thank you'),
});

/** A small area that can refuse, go stale, ask for a form and take an answer: what a channel is tested with. */
export const contractArea = area({
  name: 'test',
  things: [project],
  commands: [
    command({
      name: 'test.finish',
      input: Of.extend({ version: z.coerce.number(), to: z.enum(['launch', 'closed']).default('launch') }),
      load: async ({ sql }, { project }) =>
        (await sql<Project>`select * from project where id = ${project}`)[0] ?? null,
      policy: (actor) => actor.kind === 'person' && actor.side === 'staff',
      handle: async ({ sql }, { project, version, to }, subject) => {
        if (subject.version !== version)
          throw new DomainError('stale', 'This card was drawn before the last change.', {
            changes: [`the name is now ${subject.name}`],
            show: press('test.show', { project }),
          });
        await sql`update project set stage = ${to}, version = version + 1 where id = ${project}`;
        return {
          events: [
            {
              name: 'test.finished',
              about: { entity: 'project', id: project },
              clientId: subject.client_id,
              projectId: project,
              data: {},
            },
          ],
          output: { name: subject.name },
        };
      },
      reply: ({ name }) => sentence(`${name} is finished`),
    }),
    command({
      name: 'test.rename',
      form: formFor({ title: 'Rename', fields: RENAMING, who: () => true }),
      input: Of.extend({ ...RENAMING, version: z.coerce.number() }),
      load: async ({ sql }, { project }) =>
        (await sql<Project>`select * from project where id = ${project}`)[0] ?? null,
      policy: (actor) => actor.kind === 'person' && actor.side === 'staff',
      handle: async ({ sql }, { project, name, version }, subject) => {
        if (subject.version !== version)
          throw new DomainError('stale', 'Somebody was faster.', {
            changes: [`the name is now ${subject.name}`],
            show: press('test.show', { project }),
          });
        await sql`update project set name = ${name}, version = version + 1 where id = ${project}`;
        return {
          events: [
            {
              name: 'test.renamed',
              about: { entity: 'project', id: project },
              clientId: subject.client_id,
              projectId: project,
              data: { name },
            },
          ],
          output: { name },
        };
      },
      reply: ({ name }) => sentence(`It is now called ${name}`),
    }),
    pick,
    takingAnswers(answer, project),
    command({
      name: 'identity.request-code',
      form: formFor({ title: 'Link', fields: LINKING, who: () => true }),
      input: z.looseObject({ externalId: z.string(), ...LINKING }),
      unlinked: true,
      load: async () => ({}),
      policy: (actor) => actor.kind === 'system',
      handle: async ({ newId }, input) => ({
        events: [
          {
            name: 'identity.code-requested',
            about: { entity: 'link', id: newId() },
            data: { who: input.externalId, email: input.email },
          },
        ],
        output: {},
      }),
      reply: () => sentence('Check your mail'),
    }),
  ],
  views: [
    cardView({
      name: 'test.show',
      module: null,
      input: Of,
      show: async ({ sql }, { project }) => {
        const [found] = await sql<Project>`select * from project where id = ${project}`;
        if (!found) throw new DomainError('not_found', 'There is no such project.');
        return projectCard(found);
      },
    }),
    cardView({
      name: 'test.rename-form',
      module: null,
      input: Of,
      show: async ({ sql }, { project }) => {
        const [found] = await sql<Project>`select * from project where id = ${project}`;
        return form('Rename', press('test.rename', { project, version: String(found?.version) }), 'name');
      },
    }),
    cardView({
      name: 'home.help',
      module: null,
      word: { say: 'help', label: 'Show', about: 'help' },
      input: z.looseObject({}),
      unlinked: true,
      show: async () => sentence('Help'),
    }),
    cardView({
      name: 'home.work',
      module: null,
      word: { say: 'work', label: 'Show', about: 'work' },
      input: z.strictObject({}),
      show: async ({ actor }) => ({
        ...sentence(`Work of ${actor.kind === 'person' ? actor.name : ''}`),
        actions: [button('Again', press('home.work'))],
      }),
    }),
    cardView({
      name: 'ticket.file-bug',
      module: null,
      word: { say: 'bug', label: 'Report a bug', about: 'report', takes: 'title' },
      input: z.strictObject({ title: z.string().optional() }),
      show: async (_, { title }) => form('Report a bug', press('test.answer'), 'body', title),
    }),
    cardView({
      name: 'identity.link',
      module: null,
      word: { say: 'link', label: 'Show', about: 'link' },
      input: z.looseObject({}),
      unlinked: true,
      show: async () => form('Link your account', press('identity.request-code'), 'email'),
    }),
  ],
});
