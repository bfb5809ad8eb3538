import type { Who } from '../core/kernel/actor.ts';
import { openingOf } from '../core/kernel/context.ts';
import type { Row } from '../core/kernel/db.ts';
import { inTransaction } from '../core/kernel/db.ts';
import type { App } from '../core/kernel/registry.ts';

/** Runs one statement of a test's own as an actor's database role. */
export type Attempt = (text: string) => Promise<Row[]>;

/**
 * Opens an actor's transaction as for a command, and lets a test run in it what no command would: what somebody could who found
 * a way to run SQL there. It is committed, unless `work` throws.
 */
export function acting<T>(
  app: App,
  who: Who,
  work: (attempt: Attempt) => Promise<T>,
  about?: Readonly<Record<string, string>>,
): Promise<T> {
  const open = { ...openingOf(who, about), request: `attempt ${crypto.randomUUID()}` };
  return inTransaction(app.database, app.clock, open, ({ sql }) => work((text) => sql(written(text))));
}

/** A statement that is put together here, of the schema's own names. */
export function written(text: string): TemplateStringsArray {
  return Object.assign([text], { raw: [text] });
}
