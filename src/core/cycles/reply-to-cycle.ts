import { replyOn } from '../conversations/index.ts';
import { cycle, replied } from './cycle.ts';
import { readCycle } from './queries.ts';
import { mayReply } from './rules.ts';
import type { Cycle } from './schema.ts';
import { scopeOf } from './schema.ts';

/** Says something about a cycle that both parties see. It decides nothing: no approval and no review changes by it. */
export const replyToCycle = replyOn<Cycle>({
  ...{ thing: cycle, titled: (it) => scopeOf(it).content.name, read: readCycle },
  ...{ who: mayReply, event: replied, rank: 4, formerly: ['cycle.reply-form'] },
});
