import { deliverables } from './areas/deliverables.ts';
import { hours } from './areas/hours.ts';
import { invoices } from './areas/invoices.ts';
import { quotes } from './areas/quotes.ts';
import { requirements } from './areas/requirements.ts';
import type { Pressed } from './stories.ts';

/** The areas whose commands are pressed beside tickets, each described in one file. */
export const PRESSED: readonly Pressed[] = [quotes, requirements, invoices, hours, deliverables];

export const STORIES = PRESSED.flatMap(({ stories }) => stories);
