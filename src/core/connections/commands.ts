// One line per command. The area takes all that stands here.

export { addConnection } from './add-connection.ts';
export { beginProof } from './begin-proof.ts';
export { claimAccount } from './claim-account.ts';
export { connect } from './connect.ts';
export { dropConnection } from './drop-connection.ts';
export { endProof } from './end-proof.ts';
export { finishProof } from './finish-proof.ts';
export { makeCode } from './make-code.ts';
export { mendConnection } from './mend-connection.ts';
export { noteBroken } from './note-broken.ts';
export { sendProofAgain } from './send-proof-again.ts';
export { undoClaim } from './undo-claim.ts';
