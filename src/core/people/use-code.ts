import type { Card, Press } from '../kernel/card.ts';
import { command } from '../kernel/command.ts';
import { nameOfAccount } from '../kernel/connection-notes.ts';
import type { Context } from '../kernel/context.ts';
import { CODE_ATTEMPTS, code, providerName, SENT, Sender } from './codes.ts';
import { refusedCode, triedCard, tryCode } from './confirm-code.ts';
import { link } from './link.ts';
import { linkingCard, linkingForm } from './linking-form.ts';
import { isLinking } from './rules.ts';
import { email } from './schema.ts';

const fields = { email, code: code('Code from the firm') };

/** Asks for a code that was handed on by an administrator: the one way where no mail is sent. */
export function askHandedCode({ newId }: Pick<Context, 'newId'>, provider: string, press: Press): Card {
  const lead = `To link your ${providerName(provider)} account, ask your contact at the firm for a code. Then type it here, with the mail address under which you were invited.`;
  return linkingCard(press, fields, { id: newId(), title: 'Link your account', submit: 'Link account', lead });
}

/**
 * Links the chat account that types the code which an administrator handed to a person, together with the person's mail
 * address: works without mail, and from any workspace. An unknown address is answered like a wrong code.
 */
export const useCode = command({
  name: 'identity.use-code',
  formerly: ['identity.have-code'],
  input: Sender.extend(fields),
  form: linkingForm(fields, Sender, (context, { provider }, press) => askHandedCode(context, provider, press)),
  known: SENT,
  unlinked: true,
  load: async (context, { email }) => {
    const [waiting] = await context.sql<{ id: string; codeHash: string }>`
      select l.id, l.code_hash as "codeHash" from link_code l
      join identity i on i.tenant_id = l.tenant_id and i.person_id = l.person_id and i.provider = 'email' and i.account = '' and i.external_id = ${email}
      where l.provider = '' and l.used_at is null and l.expires_at > ${context.now} order by l.created_at desc limit 1 for update of l`;
    const it = waiting ? await link.read(context, waiting.id) : null;
    return { it, codeHash: waiting?.codeHash ?? '' };
  },
  policy: (actor) => isLinking(actor),
  handle: async (context, { code, provider, account, externalId, calledAs }, { it, codeHash }) => {
    if (!it || it.attempts >= CODE_ATTEMPTS) return refusedCode(it?.id ?? context.newId(), provider);
    const { name: workspace = null } = (await nameOfAccount(context, provider, account)) ?? {};
    const by = { provider, account, externalId, calledAs: calledAs ?? null, workspace };
    return tryCode(context, { ...it, ...by }, { code, codeHash });
  },
  reply: (tried) => triedCard(tried, { target: 'identity.use-code', input: {} }),
});
