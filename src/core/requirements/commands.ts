// One line per command. The area takes all that stands here.

export { acceptRequirement } from './accept-requirement.ts';
export { askClient } from './ask-client.ts';
export { changeRequirement } from './change-requirement.ts';
export { decideRequirement } from './decide-requirement.ts';
export { noteOnRequirement } from './note-on-requirement.ts';
export { noteOverdue } from './note-overdue.ts';
export { provideFiles } from './provide-files.ts';
export { provideSecret } from './provide-secret.ts';
export { provideWords } from './provide-words.ts';
export { remindClient } from './remind-client.ts';
export { replyToRequirement } from './reply-to-requirement.ts';
export { returnRequirement } from './return-requirement.ts';
export { revealRequirement } from './reveal-requirement.ts';
export { withdrawRequirement } from './withdraw-requirement.ts';
