import type { Context } from '../kernel/context.ts';
import type { Handled } from '../kernel/thing-command.ts';
import { diffContent } from './content.ts';
import type { written } from './quote.ts';
import type { Quote } from './schema.ts';
import { called, refusal } from './wording.ts';
import { writeQuote } from './write.ts';

/** Writes a draft that was changed, with what is different in it. */
export async function writeAgain(
  context: Context,
  before: Quote,
  decided: Quote,
  event: typeof written,
): Promise<Handled<Quote>> {
  if (decided.hash === before.hash) throw refusal(before, 'Nothing is different: the draft stays as it is.');
  const after = { ...decided, version: before.version + 1 };
  await writeQuote(context, before, after);
  const changes = diffContent(before.content, after.content);
  return { events: [event.of(before, after, { changes })], after, say: `${called(after)} is changed.` };
}
