import type { Card, Press } from './card.ts';
import { formOf } from './card.ts';
import type { Context } from './context.ts';

/**
 * A form that asks for a secret, or for files, stands on the pages of somebody who is signed in, and nowhere else: what is typed into a chat or a
 * mail is kept by others. Elsewhere its card leads there.
 */
export function withoutSecrets({ actor, portalOf }: Context, press: Press, card: Card): Card {
  const asks = (what: 'secret' | 'file') =>
    formOf(card)?.fields.some((field) => field.kind === 'text' && field[what]) ?? false;
  if (!(asks('secret') || asks('file')) || (actor.kind === 'person' && actor.channel === 'portal')) return card;
  const text = asks('secret')
    ? 'This asks for something secret, so it is typed on a page of yours and not here.'
    : 'This asks for files. They are sent from a page of yours, where they are scanned and sealed.';
  return {
    ...card,
    blocks: [...card.blocks.filter(({ kind }) => kind !== 'form'), { kind: 'text', text }],
    actions: [{ kind: 'link', label: 'Open the page', url: portalOf(press) }, ...card.actions],
  };
}
