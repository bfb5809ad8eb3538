import { announce } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import * as commands from './commands.ts';
import { broken, claimed, connection, revoked } from './connection.ts';
import { newConnection } from './new.ts';
import { isAdministrator } from './rules.ts';
import { connectCode, leaveConnection, postedCode, showConnection, showConnections, showProof } from './views.ts';

export { connected } from './connection.ts';
export { connectedTools } from './queries.ts';

/** The accounts of tools that the firm, or one of its clients, has connected. */
export const connections = area({
  name: 'connections',
  things: [connection],
  commands: Object.values(commands),
  views: [showConnection, showConnections, newConnection, leaveConnection, connectCode, postedCode, showProof],
  announcements: [
    ...[broken, revoked].map((on) => announce(on, 'card', ({ about }) => connection.showing(about.id))),
    announce(claimed, 'alert', ({ data }) => ({ target: 'connection.posted', input: { code: data.code } }), {
      tier: 'critical',
      // It is done in the name of whoever had the code made; who posted it is what they are told.
      tellsDoer: true,
    }),
  ],
  menu: [{ label: 'Connections', press: { target: 'connection.list', input: {} }, who: isAdministrator }],
  lives: [
    { table: 'connect_code', kept: '30 days', sweep: 'parley_sweep_connect_code' },
    { table: 'account_proof', kept: '1 day', sweep: 'parley_sweep_account_proof' },
  ],
});
