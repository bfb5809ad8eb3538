import { ACCOUNTS } from './accounts.ts';
import { API } from './api.ts';
import { APPROVERS } from './approvers.ts';
import { AREAS } from './areas.ts';
import { BILLING } from './billing.ts';
import { DELIVERABLES } from './deliverables.ts';
import { DOORS } from './doors.ts';
import { ENDPOINTS } from './endpoints.ts';
import { FILE_MUTANTS } from './files.ts';
import { HOMES } from './homes.ts';
import { HOURS } from './hours.ts';
import { INVOICES } from './invoices.ts';
import { KERNEL } from './kernel.ts';
import { LOOKS } from './looks.ts';
import type { Mutant } from './mutant.ts';
import { NOTICES } from './notices.ts';
import { PAYMENTS } from './payments.ts';
import { POLICIES } from './policies.ts';
import { QUOTES } from './quotes.ts';
import { REQUIREMENTS } from './requirements.ts';
import { STEP_UP } from './step-up.ts';
import { TALK } from './talk.ts';
import { TASKS } from './tasks.ts';
import { TRAFFIC } from './traffic.ts';

/**
 * Written by hand and not made by a tool: half of what protects people stands in SQL, which no tool changes in a way that means
 * something, and a run of all the changes that a tool would try takes longer than a night.
 */
export const MUTANTS: readonly Mutant[] = [
  ...KERNEL,
  ...AREAS,
  ...POLICIES,
  ...DOORS,
  ...ACCOUNTS,
  ...QUOTES,
  ...APPROVERS,
  ...STEP_UP,
  ...INVOICES,
  ...PAYMENTS,
  ...TRAFFIC,
  ...TASKS,
  ...HOURS,
  ...HOMES,
  ...BILLING,
  ...DELIVERABLES,
  ...REQUIREMENTS,
  ...FILE_MUTANTS,
  ...NOTICES,
  ...LOOKS,
  ...API,
  ...ENDPOINTS,
  ...TALK,
];
