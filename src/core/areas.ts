import { approvals } from './approvals/index.ts';
import { connections } from './connections/index.ts';
import { cycles } from './cycles/index.ts';
import { homes } from './homes/index.ts';
import { hours } from './hours/index.ts';
import { invoices } from './invoices/index.ts';
import type { Area } from './kernel/registry.ts';
import { people } from './people/index.ts';
import { projects } from './projects/index.ts';
import { quotes } from './quotes/index.ts';
import { sessions } from './sessions/index.ts';
import { tasks } from './tasks/index.ts';
import { tickets } from './tickets/index.ts';

/** The domain, one line per area. */
export const areas: Area[] = [
  homes,
  people,
  connections,
  projects,
  approvals,
  cycles,
  tasks,
  quotes,
  hours,
  invoices,
  tickets,
  sessions,
];
