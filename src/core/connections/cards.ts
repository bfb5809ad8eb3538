import type { Actor } from '../kernel/actor.ts';
import type { Card } from '../kernel/card.ts';
import type { ConnectionRow } from './connection.ts';
import { calledOf, connects } from './connection.ts';

/** One sentence that says what was done. */
export function confirmation(id: string, text: string): Card {
  const about = { entity: 'connection', id, version: 0 };
  return { title: text, tone: 'good', blocks: [], actions: [], fallback: text, about };
}

const STATUS: Readonly<Record<ConnectionRow['status'], Pick<Card, 'tone'> & { status: string }>> = {
  active: { tone: 'good', status: 'In use' },
  broken: { tone: 'danger', status: 'Broken' },
  revoked: { tone: 'danger', status: 'Removed' },
};

/** A connection and how it fares; what mends it, for whoever may. */
export function connectionCard(connection: ConnectionRow, actor: Actor): Card {
  const { id, tool, account, status, fault, scopes, version } = connection;
  const called = calledOf(connection);
  const mends = connects(actor) || actor.kind === 'audience';
  const again = { target: 'connection.mend', input: { connection: id } };
  return {
    title: status === 'active' ? `${called} is connected` : `${called} cannot be reached`,
    ...STATUS[status],
    blocks: [
      {
        kind: 'facts',
        facts: [
          { label: 'Account', value: account },
          ...(fault ? [{ label: 'Why', value: fault }] : []),
          ...(scopes.length ? [{ label: 'Permissions', value: scopes.join(', ') }] : []),
        ],
      },
      ...(status === 'active'
        ? []
        : [
            {
              kind: 'text' as const,
              text:
                status === 'broken'
                  ? 'Nothing is sent there and nothing is lost: what waits is sent once it works. Put right what is wrong, then press the button.'
                  : `Nothing is sent there. Connect ${tool === 'email' ? 'the mailbox' : 'it'} again, and what waits is sent.`,
            },
          ]),
    ],
    actions:
      status === 'broken' && mends
        ? [{ kind: 'button', label: 'Try again', word: 'AGAIN', style: 'primary', press: again }]
        : [],
    fallback: status === 'active' ? `${called} is connected.` : `${called} cannot be reached: ${fault}`,
    about: { entity: 'connection', id, version },
  };
}
