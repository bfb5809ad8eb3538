import { announce, reactTo } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import { contactAdded, deactivated, person, staffAdded, unlinked } from '../people/index.ts';
import * as commands from './commands.ts';
import { invitationWanted, invited } from './invitation.ts';
import { begun, isOwn, LIVES, linkAsked, session } from './session.ts';
import { begunView, invitationView, linkView, listView, portalView } from './views.ts';

/** The person of the event is signed out everywhere. */
const endAll = ({ about }: { about: { id: string } }) => ({ name: 'session.end-all', input: { person: about.id } });

/** In the name of whoever added them, or asked for it later. */
const invite = ({ about, actor }: { about: { id: string }; actor: { name: string } }) => ({
  name: 'session.invite',
  input: { person: about.id, by: actor.name },
});

/** Who may act as somebody: they are told at once, though it seems to be they who did it. */
const ACCESS = { tier: 'critical', tellsDoer: true } as const;

/** Who is signed in to the pages, and how they get there. */
export const sessions = area({
  name: 'sessions',
  things: [session],
  onto: [person],
  commands: Object.values(commands),
  views: [linkView, invitationView, portalView, begunView, listView],
  // What signed somebody in counts no more: their access, or a chat account that may have been in other hands.
  reactions: [
    reactTo(deactivated, endAll),
    reactTo(unlinked, endAll),
    ...[contactAdded, staffAdded].map((on) => reactTo(on, (event) => (event.data.invite ? invite(event) : null))),
    reactTo(invitationWanted, invite),
  ],
  announcements: [
    announce(linkAsked, 'alert', ({ about }) => ({ target: 'session.link', input: { link: about.id } }), ACCESS),
    announce(
      invited,
      'alert',
      ({ about }) => ({ target: 'session.invitation', input: { invitation: about.id } }),
      ACCESS,
    ),
    announce(begun, 'alert', ({ about }) => session.showing(about.id), ACCESS),
  ],
  menu: [
    {
      label: 'Where you are signed in',
      press: { target: 'session.list', input: {} },
      who: (actor) => actor.kind === 'person' && isOwn(actor, actor.personId),
    },
  ],
  lives: LIVES,
});
