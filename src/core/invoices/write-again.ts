import type { Context } from '../kernel/context.ts';
import type { Handled } from '../kernel/thing-command.ts';
import { diffContent } from './content.ts';
import { written } from './invoice.ts';
import type { Invoice } from './schema.ts';
import { calledOf, refusal } from './wording.ts';
import { writeInvoice } from './write.ts';

/** Writes a draft that was changed, with what is different in it. */
export async function writeAgain(
  context: Context,
  before: Invoice,
  decided: Invoice,
  more: readonly string[] = [],
): Promise<Handled<Invoice>> {
  const changes = [...diffContent(before.content, decided.content), ...more];
  if (!changes.length) throw refusal(before, 'Nothing is different: the draft stays as it is.');
  const after = { ...decided, version: before.version + 1 };
  await writeInvoice(context, before, after);
  return { events: [written.of(before, after, { changes })], after, say: `${calledOf(after)} is changed.` };
}
