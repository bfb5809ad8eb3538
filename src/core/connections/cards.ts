import type { Actor } from '../kernel/actor.ts';
import type { Button, Card } from '../kernel/card.ts';
import type { Face } from '../kernel/list.ts';
import { POSTED_MINUTES } from '../kernel/posted-code.ts';
import { sentence } from '../kernel/thing-definition.ts';
import type { ConnectionRow } from './connection.ts';
import { calledOf, connects, showing, TOOLS } from './connection.ts';

/** One sentence that says what was done. */
export function confirmation(id: string, text: string): Card {
  return sentence('connection', id, text);
}

/** What connecting it is answered with. */
export function connectedCard({ id, called, isNew }: { id: string; called: string; isNew: boolean }): Card {
  return confirmation(id, `${called} is connected${isNew ? '' : ' again'}.`);
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

/** To the page on which it is connected again; each finds their own. */
const RECONNECT = ({ id, tool }: ConnectionRow): Button => ({
  kind: 'button',
  label: 'Reconnect',
  word: 'CONNECT',
  press: { target: 'connection.new', input: { tool, connection: id } },
});

const LEAVE = ({ id }: ConnectionRow): Button => ({
  kind: 'button',
  label: 'Disconnect…',
  word: 'DISCONNECT',
  press: { target: 'connection.leave', input: { connection: id } },
});

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
    actions: [
      ...(status === 'broken' && mends ? [AGAIN(id)] : []),
      ...(status !== 'active' && mends ? [RECONNECT(connection)] : []),
      ...(actor.kind === 'person' && connects(actor) ? onPage(connection) : []),
    ],
    fallback: status === 'active' ? `${called} is connected.` : `${called} cannot be reached: ${fault}`,
    about: { entity: 'connection', id, version },
  };
}

/** What somebody does of their own accord, whether or not it works. */
function onPage(connection: ConnectionRow): Button[] {
  return [...(connection.status === 'active' ? [RECONNECT(connection)] : []), LEAVE(connection)];
}

/** Asks whether to give an account up, and says what that means. */
export function leaveCard(connection: ConnectionRow): Card {
  const { id, version } = connection;
  const called = calledOf(connection);
  const title = `Disconnect ${called}?`;
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
    actions: [
      {
        kind: 'button',
        label: 'Disconnect',
        style: 'danger',
        word: 'YES',
        press: { target: 'connection.drop', input: { connection: id } },
      },
      { kind: 'button', label: 'Keep it', word: 'KEEP', press: showing(id) },
    ],
    fallback: title,
    about: { entity: 'connection', id, version },
  };
}

/** What the firm is connected to, and (`add`) the page on which an administrator connects more. */
export function connectionsFace(connections: readonly ConnectionRow[], add: string): Face<ConnectionRow> {
  const title = 'What your firm is connected to';
  return {
    title,
    tone: connections.some(({ status }) => status !== 'active') ? 'attention' : 'neutral',
    line: (connection) => ({
      text: calledOf(connection),
      detail: connection.fault ?? connection.account,
      mark: connection.status === 'active' ? 'done' : 'open',
      button: { kind: 'button', label: 'Show', press: showing(connection.id) },
    }),
    empty: 'Nothing is connected yet.',
    actions: [{ kind: 'link', label: 'Connect a tool', url: add }],
    fallback: `${title}: ${connections.map(calledOf).join(', ') || 'nothing yet'}.`,
  };
}

export function codeMade(id: string): Card {
  return {
    ...confirmation(id, `A code was made. It counts for ${POSTED_MINUTES} minutes, and once.`),
    actions: [
      {
        kind: 'button',
        label: 'Show the code',
        style: 'primary',
        press: { target: 'connection.code', input: { code: id } },
      },
    ],
  };
}

/** The code, and how it is posted. */
export function codeCard(id: string, tool: string, code: string, how: string): Card {
  const title = `Your code for ${TOOLS[tool] ?? tool} is ${code}`;
  return {
    ...confirmation(id, title),
    tone: 'info',
    blocks: [
      { kind: 'text', text: how },
      {
        kind: 'text',
        text: `What is said to Parley there belongs to your firm from then on. The code counts for ${POSTED_MINUTES} minutes, and once.`,
        subtle: true,
      },
    ],
  };
}
