import { z } from 'zod';
import { DomainError } from '../kernel/errors.ts';
import { view } from '../kernel/view.ts';
import { codeCard, enterCodeCard, linkCard } from './cards.ts';
import { codeFor, Sender } from './link.ts';

/** What an unknown chat user is shown instead of an answer. */
export const linkView = view({
  name: 'identity.link',
  module: null,
  input: Sender,
  unlinked: true,
  show: async ({ newId }, { provider }) => linkCard(newId(), provider),
});

export const enterCodeView = view({
  name: 'identity.enter-code',
  module: null,
  input: Sender.extend({ link: z.uuid() }),
  unlinked: true,
  show: async (_context, { link }) => enterCodeCard(link),
});

/** The mail with the code: shown to nobody but the person it is for. */
export const codeView = view({
  name: 'identity.code',
  module: null,
  input: z.strictObject({ link: z.uuid() }),
  show: async ({ sql, actor, secrets }, { link }) => {
    const [row] = await sql<{
      provider: string;
      person_id: string;
    }>`select provider, person_id from link_code where id = ${link}`;
    if (!row || actor.kind !== 'person' || actor.personId !== row.person_id)
      throw new DomainError('not_found', 'This is not there, or not for you.');
    return codeCard(link, row.provider, codeFor(secrets, link));
  },
});
