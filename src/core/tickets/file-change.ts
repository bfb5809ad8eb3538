import { command } from '../kernel/command.ts';
import { filedCard } from './cards.ts';
import { fileTicket, projectToFileFor } from './filing.ts';
import { FileChange } from './input.ts';
import { mayFile } from './policies.ts';

/** Asks for something to be different (C1). */
export const fileChange = command({
  name: 'ticket.file-change',
  input: FileChange,
  fields: ['project', 'title', 'description', 'due', 'priority', 'links'],
  load: (context, { project }) => projectToFileFor(context, project),
  policy: (actor, project) => mayFile(actor, project),
  handle: (context, input, project) => fileTicket(context, { ...input, kind: 'change' }, project),
  reply: filedCard,
});
