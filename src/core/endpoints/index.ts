import { announce } from '../kernel/event.ts';
import type { Area } from '../kernel/registry.ts';
import { area } from '../kernel/registry.ts';
import { addEndpoint } from './add-endpoint.ts';
import { changeEndpoint } from './change-endpoint.ts';
import * as commands from './commands.ts';
import { added, endpoint, failed, secretRotated } from './endpoint.ts';
import { kindsOf, mayHaveEndpoints } from './rules.ts';
import { listEndpoints, showEndpoint } from './views.ts';

/**
 * Webhooks out (feature K7): which addresses are told of what happens in the other areas. What they can be told of follows from
 * what those areas tell clients.
 */
export function endpointsOf(told: readonly Area[]): Area {
  const kinds = kindsOf(told);
  return area({
    name: 'endpoints',
    things: [endpoint],
    commands: [addEndpoint(kinds), changeEndpoint(kinds), ...Object.values(commands)],
    views: [showEndpoint, listEndpoints],
    announcements: [added, secretRotated, failed].map((on) =>
      announce<unknown>(on, 'alert', ({ about }) => endpoint.showing(about.id), { tier: 'critical', tellsDoer: true }),
    ),
    menu: [{ label: 'Webhooks', press: { target: 'endpoint.list', input: {} }, who: mayHaveEndpoints }],
    lives: [{ table: 'endpoint_delivery', kept: '30 days', sweep: 'parley_sweep_endpoint_delivery' }],
  });
}
