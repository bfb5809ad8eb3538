import { z } from 'zod';
import type { Card } from '../core/kernel/card.ts';
import type { Context } from '../core/kernel/context.ts';
import type { View } from '../core/kernel/view.ts';

/** A view of a test whose data nobody asks for. */
export function cardView<In>({
  show,
  ...definition
}: Omit<View<In, Card>, 'output' | 'read' | 'card'> & { show(context: Context, input: In): Promise<Card> }): View<
  In,
  Card
> {
  return { ...definition, output: z.custom<Card>(), read: show, card: (card) => card };
}
