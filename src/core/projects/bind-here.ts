import { z } from 'zod';
import type { Press } from '../kernel/card.ts';
import { command } from '../kernel/command.ts';
import type { Context } from '../kernel/context.ts';
import { chosen, nameOf } from '../kernel/field.ts';
import { formCard } from '../kernel/form.ts';
import { allow } from '../kernel/thing-definition.ts';
import { clientChoices } from '../people/index.ts';
import { bindRoom } from './bind-room.ts';
import { bindsFor, runsProjects, seesEveryClient } from './rules.ts';

const fields = {
  readers: chosen({
    label: 'Who reads this channel?',
    hint: 'Cards for a client show nothing of another one, and no internal note.',
  }),
  name: nameOf({ label: 'What you call it', placeholder: '#acme' }),
};

const READERS = /^(internal|triage|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Binds the channel in which it was asked for: which one that is only the channel itself says, so nobody copies an id. */
export const bindHere = command({
  name: 'project.bind-here',
  word: { say: 'bind', label: 'Bind this channel', about: 'for the firm: whose channel this is' },
  input: z.strictObject({
    channel: z.enum(['slack', 'teams', 'discord']),
    account: z.string().min(1).max(200),
    address: z.string().min(1).max(300),
    // Not the field's own schema: it is a client, or one of the two rooms of the firm itself.
    readers: z.string().regex(READERS, 'choose who reads it'),
    name: fields.name,
  }),
  known: ['channel', 'account', 'address'],
  here: true,
  form: { fields, opens: z.object({ address: z.string().optional() }), wide: true, draw },
  assurance: 'chat',
  load: (context, input) => bindRoom.load(context, roomOf(input)),
  policy: bindsFor,
  ask: async (platforms, input) => bindRoom.ask?.(platforms, roomOf(input)),
  handle: (context, input, subject) => bindRoom.handle(context, roomOf(input), subject, undefined),
  reply: (output, actor) => bindRoom.reply(output, actor),
});

interface Asked {
  channel: 'slack' | 'teams' | 'discord';
  account: string;
  address: string;
  readers: string;
  name: string;
}

function roomOf({ readers, ...room }: Asked) {
  if (readers === 'internal') return { ...room, audience: 'internal' as const };
  if (readers === 'triage') return { ...room, audience: 'triage' as const };
  return { ...room, audience: 'client' as const, client: readers };
}

async function draw(context: Context, opened: unknown, press: Press) {
  allow(runsProjects(context.actor));
  const about = { entity: 'home', id: context.newId(), version: 0 };
  const form = { title: 'Bind this channel', submit: 'Bind', about };
  const { address } = opened as { address?: string };
  if (!address) {
    const text = 'A channel is bound from inside: write /parley bind there (in Teams, mention Parley and write bind).';
    return { ...formCard(press, form, {}, {}), blocks: [{ kind: 'text' as const, text }] };
  }
  const clients = await clientChoices(context);
  const ofTheFirm = [
    { value: 'triage', label: 'The firm: what comes in and must be sorted' },
    { value: 'internal', label: 'The firm: everything of every client' },
  ];
  const readers = [
    ...(seesEveryClient(context.actor) ? ofTheFirm : []),
    ...clients.map(({ value, label }) => ({ value, label: `${label} and the firm` })),
  ].slice(0, MOST);
  return formCard(press, form, fields, { choices: { readers } });
}

/** The most that Slack's field takes. */
const MOST = 100;
