import type { ZodType } from 'zod';
import type { Card, Press } from '../kernel/card.ts';
import type { Context } from '../kernel/context.ts';
import type { Fields } from '../kernel/field.ts';
import type { CommandForm } from '../kernel/form.ts';
import { formCard } from '../kernel/form.ts';
import { allow } from '../kernel/thing-definition.ts';
import { isLinking } from './rules.ts';

/**
 * A form that somebody is shown who is not linked yet.
 * @param opens what it depends on: who the channel says they are, or the request that waits for its code
 */
export function linkingForm<Opened>(
  fields: Fields,
  opens: ZodType<Opened>,
  draw: (context: Context, opened: Opened, press: Press) => Card,
): CommandForm {
  return {
    fields,
    opens,
    draw: async (context, opened, press) => {
      allow(isLinking(context.actor));
      return draw(context, opened as Opened, press);
    },
  };
}

/** Its card, about the request with this id. */
export function linkingCard(
  press: Press,
  fields: Fields,
  { id, lead, ...words }: { id: string; title: string; submit: string; lead?: string },
): Card {
  const about = { entity: 'link', id, version: 0 };
  return formCard(press, { ...words, about }, fields, lead ? { lead } : {});
}
