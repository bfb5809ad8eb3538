import type { Actor } from '../kernel/actor.ts';
import type { Button, Card, ListItem } from '../kernel/card.ts';
import type { ConnectionRow } from './connection.ts';
import { calledOf, connects, showing } from './connection.ts';

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

const AGAIN = (id: string): Button => ({
  kind: 'button',
  label: 'Try again',
  word: 'AGAIN',
  style: 'primary',
  press: { target: 'connection.mend', input: { connection: id } },
});

/** To the list, where whoever presses finds their own link. */
const RECONNECT: Button = {
  kind: 'button',
  label: 'Connect again…',
  word: 'CONNECT',
  press: { target: 'connection.list', input: {} },
};

/** A connection and how it fares; what mends it, for whoever may. */
export function connectionCard(connection: ConnectionRow, actor: Actor): Card {
  const { id, tool, account, status, fault, scopes, version } = connection;
  const called = calledOf(connection);
  const mends = connects(actor) || actor.kind === 'audience';
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
    actions: status === 'active' || !mends ? [] : [...(status === 'broken' ? [AGAIN(id)] : []), RECONNECT],
    fallback: status === 'active' ? `${called} is connected.` : `${called} cannot be reached: ${fault}`,
    about: { entity: 'connection', id, version },
  };
}

/** What the firm is connected to, and (`add`) where an administrator adds Parley to a workspace. */
export function listCard(id: string, connections: readonly ConnectionRow[], add: string | null): Card {
  const items: ListItem[] = connections.map((connection) => ({
    text: calledOf(connection),
    detail: connection.fault ?? connection.account,
    mark: connection.status === 'active' ? 'done' : 'open',
    button: { kind: 'button', label: 'Show', press: showing(connection.id) },
  }));
  const title = 'What your firm is connected to';
  return {
    title,
    tone: connections.some(({ status }) => status !== 'active') ? 'attention' : 'neutral',
    blocks: [items.length ? { kind: 'list', items } : { kind: 'text', text: 'Nothing is connected yet.' }],
    actions: add ? [{ kind: 'link', label: 'Add to a Slack workspace', url: add }] : [],
    fallback: `${title}: ${connections.map(calledOf).join(', ') || 'nothing yet'}.`,
    about: { entity: 'connections', id, version: 0 },
  };
}
