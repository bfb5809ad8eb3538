import { announce, reactTo } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import { deactivated, unlinked } from '../people/index.ts';
import * as commands from './commands.ts';
import { begun, LIVES, linkAsked, session } from './session.ts';
import { begunView, linkView, listView, portalView } from './views.ts';

/** The person of the event is signed out everywhere. */
const endAll = ({ about }: { about: { id: string } }) => ({ name: 'session.end-all', input: { person: about.id } });

/** Who may act as somebody: they are told at once, though it seems to be they who did it. */
const ACCESS = { tier: 'critical', tellsDoer: true } as const;

/** Who is signed in to the pages, and how they get there. */
export const sessions = area({
  name: 'sessions',
  things: [session],
  commands: Object.values(commands),
  views: [linkView, portalView, begunView, listView],
  // What signed somebody in counts no more: their access, or a chat account that may have been in other hands.
  reactions: [reactTo(deactivated, endAll), reactTo(unlinked, endAll)],
  announcements: [
    announce(linkAsked, 'alert', ({ about }) => ({ target: 'session.link', input: { link: about.id } }), ACCESS),
    announce(begun, 'alert', ({ about }) => session.showing(about.id), ACCESS),
  ],
  menu: [{ label: 'Where you are signed in', press: { target: 'session.list', input: {} } }],
  lives: LIVES,
});
