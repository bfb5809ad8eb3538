import { replyOn } from '../conversations/index.ts';
import { readRequirement } from './queries.ts';
import { replied, requirement } from './requirement.ts';
import { mayReply } from './rules.ts';
import type { Requirement } from './schema.ts';
import { called } from './wording.ts';

/** Says something about a requirement that both sides see. It provides nothing: only the buttons do. */
export const replyToRequirement = replyOn<Requirement>({
  ...{ thing: requirement, titled: called, read: readRequirement },
  ...{ who: mayReply, event: replied, rank: 5 },
});
