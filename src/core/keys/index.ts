import { announce } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import * as commands from './commands.ts';
import { key, LIVES, made, mayHaveKeys } from './key.ts';
import { listKeys, showKey } from './views.ts';

/** The keys with which programs act as somebody (feature K8). Whose is ended with the access of their person. */
export const keys = area({
  name: 'keys',
  things: [key],
  commands: Object.values(commands),
  views: [showKey, listKeys],
  announcements: [announce(made, 'alert', ({ about }) => key.showing(about.id), { tier: 'critical', tellsDoer: true })],
  menu: [{ label: 'API keys', press: { target: 'key.list', input: {} }, who: mayHaveKeys }],
  lives: LIVES,
});
