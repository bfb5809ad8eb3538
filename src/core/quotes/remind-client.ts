import { remindOn } from '../kernel/remind-on.ts';
import { quote, reminded } from './quote.ts';
import { reminderDue } from './reminders.ts';
import { isSent } from './rules.ts';
import type { Quote } from './schema.ts';
import { noteReminded } from './write.ts';

/** Reminds the client of an offer that can still be accepted. */
export const remindClient = remindOn<Quote>({
  ...{ thing: quote, name: 'quote.remind', when: isSent, event: reminded },
  due: (it, now) => (it.state.status === 'sent' && now < it.state.sent.expiresAt ? reminderDue(it, now) : null),
  write: (context, _before, after) => noteReminded(context, after),
  tells: ({ days }) => ({ days: -days }),
});
