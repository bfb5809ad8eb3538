import { z } from 'zod';
import type { Person } from '../kernel/actor.ts';
import { isSure } from '../kernel/actor.ts';
import type { Card, Link } from '../kernel/card.ts';
import { beginningOf, signBeginning } from '../kernel/connect-link.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { formCard } from '../kernel/form.ts';
import { there } from '../kernel/thing-definition.ts';
import type { Drawing } from '../kernel/view.ts';
import { view } from '../kernel/view.ts';
import { connection as thing } from './connection.ts';
import { requireAdministrator } from './rules.ts';
import { calledOf } from './schema.ts';

/** An account that is connected again. */
const Known = z.strictObject({
  id: z.uuid(),
  called: z.string(),
  typed: z.record(z.string(), z.string()).describe('What was typed when it was connected, but for what is secret'),
});
type Known = z.infer<typeof Known>;

/**
 * Connects an account of a tool, new or (`connection`) again: which tool, then what it asks. What is typed into its form is
 * taken by the pages alone, which try it at the tool before anything of it is kept.
 */
export const newConnection = view({
  name: 'connection.new',
  module: null,
  input: z.strictObject({ tool: z.string().max(40).optional(), connection: z.uuid().optional() }),
  output: z.strictObject({
    again: Known.nullable().describe('The account that is connected again'),
  }),
  read: async (context, { tool, connection }) => {
    requireAdministrator(context.actor);
    if (tool === undefined || connection === undefined) return { again: null };
    wayOf(context, tool);
    return { again: await known(context, tool, connection) };
  },
  card: ({ again }, drawing, { tool }) => {
    const { actor, platforms } = drawing;
    requireAdministrator(actor);
    if (tool === undefined) return chooseCard(drawing, actor);
    const way = wayOf(drawing, tool);
    return platforms.asks?.(tool) ? accountForm(drawing, actor, way, again) : wayCard(drawing, actor, way);
  },
});

/** @throws DomainError not_found where this hub connects no accounts of the tool */
function wayOf({ platforms }: Drawing, tool: string): Way {
  const way = platforms.ways?.().find((one) => one.tool === tool);
  if (!way) throw new DomainError('not_found', 'Accounts of this tool are connected by whoever runs the hub.');
  return way;
}

interface Way {
  tool: string;
  account: string;
}

async function known(context: Context, tool: string, id: string): Promise<Known> {
  const found = await thing.read(context, id);
  const row = there(found?.tool === tool ? found : null);
  const [kept] = await context.sql<{ typed: Record<string, string> | null }>`
    select settings -> 'typed' as typed from connection where id = ${id}`;
  return { id, called: calledOf(row), typed: kept?.typed ?? {} };
}

/** The tools of which this hub connects accounts, each with the way there. */
function chooseCard(context: Drawing, actor: Person): Card {
  const ways = context.platforms.ways?.() ?? [];
  const title = 'Connect a tool';
  const text = ways.length
    ? 'Which one? What is secret is typed on a page of yours, tried at once, and kept sealed.'
    : 'No tool is set up in this hub yet. Whoever runs it says so in its settings.';
  return {
    title,
    tone: 'info',
    blocks: [{ kind: 'text', text }],
    actions: ways.map((way) => linkTo(context, actor, way)),
    fallback: title,
    about: { entity: 'connections', id: context.newId(), version: 0 },
  };
}

/** To the tool's own page where that is the one way, which adds Parley to an account; else to ours. */
function linkTo(context: Drawing, actor: Person, way: Way): Link {
  const { platforms, portalOf } = context;
  const isOnly = !platforms.posts?.(way.tool) && !platforms.asks?.(way.tool);
  const own = isOnly ? installUrl(context, actor, way) : null;
  const url = own ?? portalOf({ target: 'connection.new', input: { tool: way.tool } });
  return { kind: 'link', label: `Connect ${way.account}`, url };
}

/** Where the tool itself adds Parley to an account, by a link that is this administrator's alone; null where it does not. */
function installUrl(
  { platforms, secrets, publicUrl, newId, now }: Drawing,
  actor: Person,
  { tool }: Way,
): string | null {
  if (!platforms.installs?.(tool) || !isSure(actor, 'chat')) return null;
  return `${publicUrl}/${tool}/install/${signBeginning(secrets, beginningOf(actor, tool, newId(), now))}`;
}

/** An account in which nothing is typed: Parley is added to it, or a code is posted in it. */
function wayCard(context: Drawing, actor: Person, way: Way): Card {
  const { tool, account } = way;
  const title = `Connect ${account}`;
  const url = installUrl(context, actor, way);
  const posts = context.platforms.posts?.(tool);
  const added = 'You are asked there which one. The link is for you alone, and good for ten minutes.';
  const posted = `${url ? 'Is Parley there already? Then' : 'To say that it is your firm’s,'} post a code in it. Whoever can do that is believed.`;
  return {
    title,
    tone: 'info',
    blocks: [...(url ? [added] : []), ...(posts ? [posted] : [])].map((text) => ({ kind: 'text', text })),
    actions: [
      ...(url ? [{ kind: 'link' as const, label: `Add to ${account}`, url }] : []),
      ...(posts
        ? [
            {
              kind: 'button' as const,
              label: 'Make a code',
              word: 'CODE',
              press: { target: 'connection.make-code', input: { tool } },
            },
          ]
        : []),
    ],
    fallback: title,
    about: { entity: 'connections', id: context.newId(), version: 0 },
  };
}

/** An account of which something is typed; where the tool itself lets Parley in, that is the shorter way. */
function accountForm(context: Drawing, actor: Person, way: Way, again: Known | null): Card {
  const { platforms, newId } = context;
  const { tool, account } = way;
  const { lead = '', fields = {} } = platforms.asks?.(tool) ?? {};
  const press = { target: 'connection.new', input: { tool, ...(again ? { connection: again.id } : {}) } };
  const about = { entity: 'connection', id: again?.id ?? newId(), version: 0 };
  const title = again ? `Reconnect ${again.called}` : `Connect ${account}`;
  const url = installUrl(context, actor, way);
  const allow = { kind: 'link' as const, label: `Allow Parley in ${account}`, url: url ?? '' };
  const form = formCard(press, { title, submit: again ? 'Reconnect' : 'Connect', about }, fields, {
    lead: [
      ...(url ? [`With “${allow.label}” nothing needs to be typed. Or:`] : []),
      lead,
      ...(again ? ['What it was reached with until now is replaced then.'] : []),
    ].join(' '),
    values: again?.typed ?? {},
  });
  return url ? { ...form, actions: [allow, ...form.actions] } : form;
}
