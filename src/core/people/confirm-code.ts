import { z } from 'zod';
import { command } from '../kernel/command.ts';
import type { Context } from '../kernel/context.ts';
import type { Decision } from '../kernel/event.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { attachIdentity } from './attach.ts';
import { wrongCode } from './cards.ts';
import { code, isCode, linkedText, SENT, Sender } from './codes.ts';
import { codeRefused } from './events.ts';
import type { Link } from './link.ts';
import { link, requireUsable } from './link.ts';
import { linkingCard, linkingForm } from './linking-form.ts';
import { isLinking } from './rules.ts';

const fields = { code: code('Code from the mail') };

/**
 * Links the chat account that types the right code. A wrong one is counted, and the count outlives the refusal; so it is no
 * command about the link, which would be refused.
 */
export const confirmCode = command({
  name: 'identity.confirm-code',
  formerly: ['identity.enter-code'],
  input: Sender.extend({ link: z.uuid(), ...fields }),
  form: linkingForm(fields, z.object({ link: z.uuid() }), (_context, { link: id }, press) =>
    linkingCard(press, fields, { id, title: 'Enter the code', submit: 'Link account' }),
  ),
  known: SENT,
  unlinked: true,
  load: async (context, { link: id, provider, account, externalId }) => {
    const [own] = await context.sql<{ codeHash: string }>`
      select code_hash as "codeHash" from link_code
      where id = ${id} and provider = ${provider} and account = ${account} and external_id = ${externalId} for update`;
    const it = own ? await link.read(context, id) : null;
    return it && own ? { it, ...own } : null;
  },
  policy: (actor) => isLinking(actor),
  handle: async (context, { code }, { it, codeHash }) => {
    requireUsable(it, context.now);
    return tryCode(context, it, { code, codeHash });
  },
  reply: (tried) => triedCard(tried, { target: 'identity.confirm-code', input: { link: tried.id } }),
});

interface Tried {
  id: string;
  linked: boolean;
  provider: string;
}

/** Links where the code is the right one, and counts where it is not. */
export async function tryCode(
  context: Context,
  it: Link,
  { code, codeHash }: { code: string; codeHash: string },
): Promise<Decision<Tried>> {
  const { id, provider, personId } = it;
  if (personId !== null && isCode(context.secrets, id, code, codeHash)) {
    const event = await attachIdentity(context, it, personId);
    return { events: [event], output: { id, linked: true, provider } };
  }
  await context.sql`update link_code set attempts = attempts + 1 where id = ${id}`;
  return refusedCode(id, provider);
}

/** What a code leaves that links nothing. */
export function refusedCode(id: string, provider: string): Decision<Tried> {
  return {
    events: [codeRefused.of({ entity: 'link', id }, { provider })],
    output: { id, linked: false, provider },
  };
}

export function triedCard({ id, linked, provider }: Tried, again: Parameters<typeof wrongCode>[1]) {
  return linked ? sentence('link', id, linkedText(provider)) : wrongCode(id, again);
}
