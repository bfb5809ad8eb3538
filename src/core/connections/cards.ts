import type { Actor } from '../kernel/actor.ts';
import type { Button, Card } from '../kernel/card.ts';
import type { Face } from '../kernel/list.ts';
import type { AccountProof } from './account-proof.ts';
import { connection as thing } from './connection.ts';
import { lookAgain } from './proof-cards.ts';
import { isAdministrator, mends } from './rules.ts';
import type { Connection } from './schema.ts';
import { calledOf } from './schema.ts';

const STATUS: Readonly<Record<Connection['status'], Pick<Card, 'tone'> & { status: string }>> = {
  active: { tone: 'good', status: 'In use' },
  broken: { tone: 'danger', status: 'Broken' },
  revoked: { tone: 'danger', status: 'Removed' },
};

/** To the page on which it is connected again; each finds their own. */
const RECONNECT = ({ id, tool }: Connection): Button => ({
  kind: 'button',
  label: 'Reconnect',
  word: 'CONNECT',
  press: { target: 'connection.new', input: { tool, connection: id } },
});

const LEAVE = ({ id }: Connection): Button => ({
  kind: 'button',
  label: 'Disconnect…',
  word: 'DISCONNECT',
  press: { target: 'connection.leave', input: { connection: id } },
});

/** A connection and how it fares; what mends it, for whoever may. */
export function connectionCard(connection: Connection, actor: Actor): Card {
  const { id, account, status, fault, scopes, version } = connection;
  const called = calledOf(connection);
  const isAdmin = isAdministrator(actor);
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
      ...(status === 'active' ? [] : [{ kind: 'text' as const, text: cureOf(connection) }]),
    ],
    actions: [
      ...thing.buttons(connection, actor, ['connection.mend']),
      ...((status === 'active' ? isAdmin : mends(actor)) ? [RECONNECT(connection)] : []),
      ...(isAdmin ? [LEAVE(connection)] : []),
    ],
    fallback: status === 'active' ? `${called} is connected.` : `${called} cannot be reached: ${fault}`,
    about: { entity: 'connection', id, version },
  };
}

function cureOf({ tool, status }: Connection): string {
  return status === 'broken'
    ? 'Nothing is sent there and nothing is lost: what waits is sent once it works. Put right what is wrong, then press the button.'
    : `Nothing is sent there. Connect ${tool === 'email' ? 'the mailbox' : 'it'} again, and what waits is sent.`;
}

/** Asks whether to give an account up, and says what that means. */
export function leaveCard(connection: Connection, actor: Actor): Card {
  const { id, version } = connection;
  const title = `Disconnect ${calledOf(connection)}?`;
  return {
    title,
    tone: 'attention',
    blocks: [
      {
        kind: 'text',
        text: 'Nothing more is sent there and nothing more comes in. What it is reached with is deleted at once and cannot be brought back: to connect it again, it is proven anew.',
      },
      {
        kind: 'text',
        text: 'What stands there stays, and so does all that came from it. From then on any firm that proves it is theirs may connect it.',
      },
    ],
    actions: [...thing.buttons(connection, actor, ['connection.drop']), thing.opening(id, 'Keep it', 'KEEP')],
    fallback: title,
    about: { entity: 'connection', id, version },
  };
}

/** What the firm is connected to and waits for, and (`add`) the page on which an administrator connects more. */
export function connectionsFace(
  connections: readonly Connection[],
  waiting: readonly AccountProof[],
  add: string,
): Face<Connection> {
  const title = 'What your firm is connected to';
  const waits = waiting.map(({ id, account }) => ({
    text: account,
    detail: 'waits for our mail to arrive',
    button: lookAgain(id, 'Show'),
  }));
  return {
    title,
    tone: connections.some(({ status }) => status !== 'active') ? 'attention' : 'neutral',
    line: (connection) => ({
      text: calledOf(connection),
      detail: connection.fault ?? connection.account,
      mark: connection.status === 'active' ? 'done' : 'open',
      button: { kind: 'button', label: 'Show', press: thing.showing(connection.id) },
    }),
    ...(waits.length ? { lead: [{ kind: 'list', title: 'Not connected yet', items: waits }] } : {}),
    empty: 'Nothing is connected yet.',
    actions: [{ kind: 'link', label: 'Connect a tool', url: add }],
    fallback: `${title}: ${connections.map(calledOf).join(', ') || 'nothing yet'}.`,
  };
}
