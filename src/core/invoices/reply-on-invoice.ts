import { replyOn } from '../conversations/index.ts';
import { invoice, replied } from './invoice.ts';
import { readInvoice } from './queries.ts';
import { isDraft, mayReply } from './rules.ts';
import type { Invoice } from './schema.ts';
import { calledOf } from './wording.ts';

/** Says something about an invoice that both sides see. */
export const replyOnInvoice = replyOn<Invoice>({
  ...{ thing: invoice, titled: calledOf, read: readInvoice },
  ...{ who: mayReply, event: replied, rank: 5 },
  when: (it) => !isDraft(it) || 'the client does not see it before it is issued; leave a note',
});
