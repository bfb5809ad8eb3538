// One line per command. The area takes all that stands here.

export { askLink } from './ask-link.ts';
export { beginSession } from './begin-session.ts';
export { endAllSessions } from './end-all-sessions.ts';
export { endSession } from './end-session.ts';
export { invite } from './invite.ts';
export { inviteAgain } from './invite-again.ts';
