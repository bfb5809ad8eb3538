import { announce } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import { addConnection } from './add-connection.ts';
import { beginProof } from './begin-proof.ts';
import { claimAccount } from './claim-account.ts';
import { connect } from './connect.ts';
import { broken, claimed, connection, revoked } from './connection.ts';
import { dropConnection } from './drop-connection.ts';
import { endProof } from './end-proof.ts';
import { finishProof } from './finish-proof.ts';
import { makeCode } from './make-code.ts';
import { mendConnection } from './mend-connection.ts';
import { newConnection } from './new.ts';
import { noteBroken } from './note-broken.ts';
import { isAdministrator } from './rules.ts';
import { sendProofAgain } from './send-proof-again.ts';
import { undoClaim } from './undo-claim.ts';
import { connectCode, leaveConnection, postedCode, showConnection, showConnections, showProof } from './views.ts';

export { connected } from './connection.ts';
export { connectedTools } from './queries.ts';

/** The accounts of tools that the firm, or one of its clients, has connected. */
export const connections = area({
  name: 'connections',
  things: [connection],
  commands: [
    connect,
    addConnection,
    makeCode,
    claimAccount,
    noteBroken,
    mendConnection,
    dropConnection,
    undoClaim,
    beginProof,
    sendProofAgain,
    finishProof,
    endProof,
  ],
  views: [showConnection, showConnections, newConnection, leaveConnection, connectCode, postedCode, showProof],
  announcements: [
    ...[broken, revoked].map((on) => announce(on, 'card', ({ about }) => connection.showing(about.id))),
    announce(claimed, 'alert', ({ data }) => ({ target: 'connection.posted', input: { code: data.code } })),
  ],
  menu: [{ label: 'Connections', press: { target: 'connection.list', input: {} }, who: isAdministrator }],
  lives: [
    { table: 'connect_code', kept: '30 days', sweep: 'parley_sweep_connect_code' },
    { table: 'account_proof', kept: '1 day', sweep: 'parley_sweep_account_proof' },
  ],
});
