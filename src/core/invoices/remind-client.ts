import { remindOn } from '../kernel/remind-on.ts';
import { invoice, reminded } from './invoice.ts';
import { reminderDue } from './reminders.ts';
import { isOpen } from './rules.ts';
import type { Invoice } from './schema.ts';
import { writeInvoice } from './write.ts';

/** Reminds the client of what is due. */
export const remindClient = remindOn<Invoice>({
  ...{ thing: invoice, name: 'invoice.remind', when: (it) => isOpen(it) || 'nothing is to be paid of it' },
  ...{ due: reminderDue, write: writeInvoice, event: reminded },
});
