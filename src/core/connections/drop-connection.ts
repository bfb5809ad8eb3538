import type { Context } from '../kernel/context.ts';
import type { Platforms } from '../kernel/platform.ts';
import type { Handled } from '../kernel/thing-command.ts';
import { there } from '../kernel/thing-definition.ts';
import { connection, dropped } from './connection.ts';
import { connects } from './rules.ts';
import type { Connection } from './schema.ts';
import { calledOf } from './schema.ts';

const drop = connection.command({
  name: 'connection.drop',
  version: 'optional',
  button: { label: 'Disconnect', word: 'YES', style: 'danger' },
  assurance: 'chat',
  who: connects,
  handle: (context, _input, it) => givenUp(context, it),
});

/** Gives an account up, with what it is reached with: nothing more goes there, and any firm that proves it is theirs may connect it. */
export const dropConnection = {
  ...drop,
  // What Parley made there for itself is taken away while it can still be reached.
  ask: async (platforms: Platforms, input: { connection: string }) => platforms.leave?.(input.connection),
};

/** @throws DomainError not_found when somebody else was faster */
export async function givenUp({ sql }: Context, it: Connection): Promise<Handled<Connection>> {
  const [row] = await sql<{ dropped: boolean }>`select parley_drop_connection(${it.id}) as dropped`;
  there(row?.dropped || null);
  const { tool, account } = it;
  return {
    events: [{ ...dropped.of(it, it), before: { tool, account } }],
    after: it,
    say: `${calledOf(it)} is disconnected.`,
    next: null,
  };
}
