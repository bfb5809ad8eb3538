import { announce, reactTo } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import { client } from './client.ts';
import * as commands from './commands.ts';
import { codeRequested, confirmed, linked } from './events.ts';
import { link } from './link.ts';
import { listClients, listLooks, listPeople } from './lists.ts';
import { person } from './person.ts';
import { isFirm } from './policies.ts';
import { isAdmin, leads, managesTeams } from './rules.ts';
import {
  askingView,
  codeView,
  issuedCodeView,
  linkedView,
  linkView,
  lookView,
  showClient,
  showPerson,
} from './views.ts';

export { client } from './client.ts';
export { unlinked } from './events.ts';
export type { OpenProject } from './open-projects.ts';
export { MOST_PROJECTS, openProjects } from './open-projects.ts';
export type { Candidate } from './participants.ts';
export { contactAs, participantNamed, participantsOf } from './participants.ts';
export {
  contactAdded,
  deactivated,
  grantChanged,
  joined as joinedProject,
  left as leftProject,
  person,
  roleChanged,
  staffAdded,
} from './person.ts';
export { isApprover, isFirm, isTeam, may, projectsToApprove } from './policies.ts';
export { clientChoices, countPeople, holderOf } from './queries.ts';
export { channelsOf, readersOf } from './readers.ts';
export { isAdmin, isSelf, leads, managesPerson } from './rules.ts';

/** Who may act as somebody: they are told at once, though it seems to be they who did it. */
const ACCESS = { tier: 'critical', tellsDoer: true } as const;

/** Firms, clients, the people of both, what they may do, and how we know that it is them. */
export const people = area({
  name: 'people',
  things: [client, person, link],
  commands: Object.values(commands),
  views: [
    ...[showClient, showPerson, listClients, listPeople, lookView, listLooks],
    ...[linkView, codeView, askingView, linkedView, issuedCodeView],
  ],
  reactions: [reactTo(confirmed, ({ about }) => ({ name: 'identity.attach', input: { link: about.id } }))],
  announcements: [
    announce(codeRequested, 'reply', ({ about }) => ({ target: 'identity.code', input: { link: about.id } }), ACCESS),
    announce(linked, 'alert', ({ about }) => ({ target: 'identity.linked-notice', input: { link: about.id } }), ACCESS),
  ],
  menu: [
    { label: 'Clients', press: { target: 'client.list', input: {} }, who: isFirm },
    { label: 'People', press: { target: 'person.list', input: {} }, who: managesTeams },
    { label: 'Who saw what a contact sees', press: { target: 'people.looks', input: {} }, who: managesTeams },
    { label: 'Add a client…', press: { target: 'people.add-client', input: {} }, who: leads },
    { label: 'Add somebody to the team…', press: { target: 'people.add-staff', input: {} }, who: isAdmin },
    { label: 'Invite somebody of a client…', press: { target: 'people.add-contact', input: {} }, who: managesTeams },
  ],
  lives: [{ table: 'link_code', kept: '30 days', sweep: 'parley_sweep_link_code' }],
});
