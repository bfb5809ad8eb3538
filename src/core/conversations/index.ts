// The threads of things. It has no commands of its own: what is said about a thing is that thing's command.
export { conversation } from './cards.ts';
export type { SentFiles } from './files.ts';
export { filesOf } from './files.ts';
export { said } from './input.ts';
export { authorOf, Message, told, toldShape } from './message.ts';
export { earlierButton, messageCard } from './message-card.ts';
export { COUNTED, readThread, SILENCE, Thread } from './queries.ts';
export { talkersOf } from './rules.ts';
export { noteOn, replyOn } from './talk.ts';
export { talkViews } from './talk-views.ts';
export { threadOf } from './thread.ts';
