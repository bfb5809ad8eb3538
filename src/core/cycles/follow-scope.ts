import { followScope as follow } from '../deliverables/index.ts';
import { isSystem } from '../kernel/actor.ts';
import { refusal } from '../kernel/thing-definition.ts';
import { cycle, handedOver } from './cycle.ts';
import { isOpen } from './rules.ts';
import type { Cycle } from './schema.ts';
import { scopeOf, signedByBoth } from './schema.ts';

/**
 * Makes the cycle's deliverables those of the newest scope that both sides signed. It follows from the second signature; a scope that
 * only one side signed changes nothing yet.
 */
export const followScope = cycle.command({
  name: 'cycle.follow-scope',
  version: 'optional',
  button: [],
  who: isSystem,
  when: (it) => isOpen(it) && (agreedOf(it) !== undefined || 'both sides have not approved its scope yet'),
  handle: async (context, _input, it) => {
    const scope = agreedOf(it) ?? scopeOf(it);
    const events = await follow(context, groundOf(it), scope.content.deliverables);
    const { name } = scopeOf(it).content;
    if (!events.length) throw refusal(cycle, it, `The deliverables of ${name} are those of its scope already.`);
    const followed = handedOver.of(it, it, { scope: scope.number, changes: events.length });
    return { events: [followed, ...events], after: it, say: `The deliverables of ${name} are those of its scope.` };
  },
});

function agreedOf({ versions }: Cycle) {
  return versions.findLast(signedByBoth);
}

function groundOf(it: Cycle) {
  const { clientId, clientName, firmName, projectId, projectName, calendar, id } = it;
  const cycleName = scopeOf(it).content.name;
  const place = { clientId, clientName, firmName, projectId, projectName, timezone: calendar.timezone };
  return { ...place, cycleId: id, cycleName, closed: it.status === 'completed' };
}
