import type { Worked } from '../core/kernel/inbox.ts';

/** The three ways in which a delivery ends, each with its outcome in words. */
export const applied = (outcome: string): Worked => ({ status: 'applied', outcome });
export const duplicate = (outcome: string): Worked => ({ status: 'duplicate', outcome });
export const quarantined = (outcome: string): Worked => ({ status: 'quarantined', outcome });
