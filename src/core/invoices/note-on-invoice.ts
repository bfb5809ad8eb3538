import { noteOn } from '../conversations/index.ts';
import { invoice, noted } from './invoice.ts';
import { readInvoice } from './queries.ts';
import { mayNote } from './rules.ts';
import type { Invoice } from './schema.ts';
import { calledOf } from './wording.ts';

/** Writes a note about an invoice that only the team sees. */
export const noteOnInvoice = noteOn<Invoice>({
  ...{ thing: invoice, titled: calledOf, read: readInvoice },
  ...{ who: mayNote, event: noted },
});
