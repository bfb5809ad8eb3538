import { approvals } from './approvals/index.ts';
import { connections } from './connections/index.ts';
import { cycles } from './cycles/index.ts';
import { deliverables } from './deliverables/index.ts';
import { endpointsOf } from './endpoints/index.ts';
import { homes } from './homes/index.ts';
import { hours } from './hours/index.ts';
import { invoices } from './invoices/index.ts';
import type { Area } from './kernel/registry.ts';
import { keys } from './keys/index.ts';
import { noticesOf } from './notices/index.ts';
import { payments } from './payments/index.ts';
import { people } from './people/index.ts';
import { projects } from './projects/index.ts';
import { quotes } from './quotes/index.ts';
import { requirements } from './requirements/index.ts';
import { sessions } from './sessions/index.ts';
import { subscriptions } from './subscriptions/index.ts';
import { tasks } from './tasks/index.ts';
import { tickets } from './tickets/index.ts';

/** What firm and client do together. */
const shared: Area[] = [
  homes,
  people,
  connections,
  projects,
  approvals,
  cycles,
  deliverables,
  requirements,
  tasks,
  quotes,
  hours,
  invoices,
  subscriptions,
  payments,
  tickets,
  sessions,
  keys,
];

/** The areas whose things people are told of. Programs are told of what clients may hear of in those before. */
const told: Area[] = [...shared, endpointsOf(shared)];

/** The domain, one line per area; the last one tells people of the others. */
export const areas: Area[] = [...told, noticesOf(told)];
