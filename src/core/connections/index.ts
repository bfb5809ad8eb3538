import { announce } from '../kernel/event.ts';
import type { Area } from '../kernel/registry.ts';
import { addConnection } from './add-connection.ts';
import { claimAccount } from './claim-account.ts';
import { connect } from './connect.ts';
import { broken, connects, revoked, showing } from './connection.ts';
import { dropConnection } from './drop-connection.ts';
import { makeCode } from './make-code.ts';
import { mendConnection } from './mend-connection.ts';
import { newConnection } from './new.ts';
import { noteBroken } from './note-broken.ts';
import { connectCode, leaveConnection, showConnection, showConnections } from './views.ts';

export { connected, connectedTools } from './connection.ts';

/** The accounts of tools that the firm, or one of its clients, has connected. */
export const connections: Area = {
  name: 'connections',
  commands: [connect, addConnection, makeCode, claimAccount, noteBroken, mendConnection, dropConnection],
  views: [showConnection, showConnections, newConnection, leaveConnection, connectCode],
  reactions: [],
  announcements: [broken, revoked].map((on) => announce(on, 'card', ({ about }) => showing(about.id))),
  menu: [
    {
      label: 'Connections',
      press: { target: 'connection.list', input: {} },
      who: (actor) => actor.kind === 'person' && connects(actor),
    },
  ],
  shows: { connection: 'connection.show' },
  answers: {},
  schedules: [],
  lives: [{ table: 'connect_code', kept: '30 days', sweep: 'parley_sweep_connect_code' }],
};
