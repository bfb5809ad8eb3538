import { replyOn } from '../conversations/index.ts';
import { deliverable, replied } from './deliverable.ts';
import { readDeliverable } from './queries.ts';
import { mayReply } from './rules.ts';
import type { Deliverable } from './schema.ts';
import { called } from './wording.ts';

/** Says something about a deliverable that both sides see. It decides nothing: only the buttons approve and send back. */
export const replyToDeliverable = replyOn<Deliverable>({
  ...{ thing: deliverable, titled: called, read: readDeliverable },
  ...{ who: mayReply, event: replied, rank: 3 },
});
