import { command } from '../kernel/command.ts';
import { filedCard } from './cards.ts';
import { fileTicket, projectToFileFor } from './filing.ts';
import { FileBug } from './input.ts';
import { mayFile } from './policies.ts';

/** Reports something that is broken (C1). */
export const fileBug = command({
  name: 'ticket.file-bug',
  input: FileBug,
  fields: ['project', 'title', 'description', 'steps', 'expected', 'priority', 'links'],
  load: (context, { project }) => projectToFileFor(context, project),
  policy: (actor, project) => mayFile(actor, project),
  handle: (context, input, project) => fileTicket(context, { ...input, kind: 'bug' }, project),
  reply: filedCard,
});
