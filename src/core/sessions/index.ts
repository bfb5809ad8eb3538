import type { Area } from '../kernel/registry.ts';
import { EVENTS as PEOPLE } from '../people/index.ts';
import { askLink } from './ask-link.ts';
import { beginSession } from './begin-session.ts';
import { endAllSessions, endSession } from './end-session.ts';
import { EVENTS, LIVES } from './session.ts';
import { begunView, linkView, listView, portalView } from './views.ts';

/** Who is signed in to the pages, and how they get there. */
export const sessions: Area = {
  name: 'sessions',
  commands: [askLink, beginSession, endSession, endAllSessions],
  views: [linkView, portalView, begunView, listView],
  // What signed somebody in counts no more: their access, or a chat account that may have been in other hands.
  reactions: [PEOPLE.deactivated, PEOPLE.unlinked].map((on) => ({
    on,
    next: (event) => ({ name: 'session.end-all', input: { person: event.about.id } }),
  })),
  announcements: [
    {
      on: EVENTS.linkAsked,
      audience: (event) => [{ person: String(event.data.person) }],
      view: (event) => ({ target: 'session.link', input: { link: event.about.id } }),
      as: 'alert',
    },
    {
      // Whoever got in under somebody's name does not stay unnoticed.
      on: EVENTS.begun,
      audience: (event) => [{ person: String(event.data.person), everywhere: true }],
      view: (event) => ({ target: 'session.begun-notice', input: { session: event.about.id } }),
      as: 'alert',
    },
  ],
  menu: [{ label: 'Where you are signed in', press: { target: 'session.list', input: {} } }],
  shows: { session: 'session.begun-notice' },
  answers: {},
  schedules: [],
  lives: LIVES,
};
