import { announce, reactTo } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import { addClient } from './add-client.ts';
import { addContact } from './add-contact.ts';
import { addStaff } from './add-staff.ts';
import { assign, unassign } from './assign.ts';
import { attach } from './attach.ts';
import { changeRole } from './change-role.ts';
import { client } from './client.ts';
import { confirmCode } from './confirm-code.ts';
import { confirmLink } from './confirm-link.ts';
import { deactivate } from './deactivate.ts';
import { codeRequested, confirmed, linked } from './events.ts';
import { issueCode } from './issue-code.ts';
import { joinProject, leaveProject } from './join-project.ts';
import { link } from './link.ts';
import { listClients, listPeople } from './lists.ts';
import { person } from './person.ts';
import { isFirm } from './policies.ts';
import { requestCode } from './request-code.ts';
import { isAdmin, leads, managesTeams } from './rules.ts';
import { setGrant } from './set-grant.ts';
import { unlink } from './unlink.ts';
import { useCode } from './use-code.ts';
import { askingView, codeView, issuedCodeView, linkedView, linkView, showClient, showPerson } from './views.ts';

export { unlinked } from './events.ts';
export { participantNamed, participantsOf } from './participants.ts';
export { deactivated, left as leftProject } from './person.ts';
export { isApprover, isFirm, isTeam, may } from './policies.ts';
export { clientChoices, countPeople, holderOf } from './queries.ts';

/** Firms, clients, the people of both, what they may do, and how we know that it is them. */
export const people = area({
  name: 'people',
  things: [client, person, link],
  commands: [
    addClient,
    addStaff,
    addContact,
    changeRole,
    setGrant,
    deactivate,
    assign,
    unassign,
    joinProject,
    leaveProject,
    requestCode,
    issueCode,
    useCode,
    confirmCode,
    confirmLink,
    attach,
    unlink,
  ],
  views: [showClient, showPerson, listClients, listPeople, linkView, codeView, askingView, linkedView, issuedCodeView],
  reactions: [reactTo(confirmed, ({ about }) => ({ name: 'identity.attach', input: { link: about.id } }))],
  announcements: [
    announce(codeRequested, 'reply', ({ about }) => ({ target: 'identity.code', input: { link: about.id } })),
    announce(linked, 'alert', ({ about }) => ({ target: 'identity.linked-notice', input: { link: about.id } })),
  ],
  menu: [
    { label: 'Clients', press: { target: 'client.list', input: {} }, who: isFirm },
    { label: 'People', press: { target: 'person.list', input: {} }, who: managesTeams },
    { label: 'Add a client…', press: { target: 'people.add-client', input: {} }, who: leads },
    { label: 'Add somebody to the team…', press: { target: 'people.add-staff', input: {} }, who: isAdmin },
    { label: 'Invite somebody of a client…', press: { target: 'people.add-contact', input: {} }, who: managesTeams },
  ],
  lives: [{ table: 'link_code', kept: '30 days', sweep: 'parley_sweep_link_code' }],
});
