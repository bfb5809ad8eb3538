import { announce, reactTo } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import { addClient } from './add-client.ts';
import { addContact } from './add-contact.ts';
import { addStaff } from './add-staff.ts';
import { assign, unassign } from './assign.ts';
import { changeRole } from './change-role.ts';
import { attach, confirmCode, confirmLink, useCode } from './confirm-code.ts';
import { deactivate } from './deactivate.ts';
import { codeRequested, confirmed, linked } from './events.ts';
import { issueCode } from './issue-code.ts';
import { joinProject, leaveProject } from './join-project.ts';
import { listClients, listPeople } from './lists.ts';
import { person } from './person.ts';
import { isFirm } from './policies.ts';
import { requestCode } from './request-code.ts';
import { isAdmin, leads, managesTeams } from './rules.ts';
import { setGrant } from './set-grant.ts';
import { unlink } from './unlink.ts';
import { askingView, codeView, issuedCodeView, linkedView, linkView, showPerson } from './views.ts';

export { unlinked } from './events.ts';
export { deactivated } from './person.ts';
export { isApprover, isFirm, may } from './policies.ts';
export { clientChoices, countPeople } from './queries.ts';

/** Firms, clients, the people of both, what they may do, and how we know that it is them. */
export const people = area({
  name: 'people',
  things: [person],
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
  views: [showPerson, listClients, listPeople, linkView, codeView, askingView, linkedView, issuedCodeView],
  reactions: [reactTo(confirmed, ({ about }) => ({ name: 'identity.attach', input: { link: about.id } }))],
  announcements: [
    announce(codeRequested, 'reply', ({ about }) => ({ target: 'identity.code', input: { link: about.id } })),
    announce(linked, 'alert', ({ about }) => ({ target: 'identity.linked-notice', input: { link: about.id } })),
  ],
  // A link is shown by what happened to it; it is nothing that stands for itself.
  shows: { link: 'identity.asking' },
  schedules: [],
  menu: [
    { label: 'Clients', press: { target: 'client.list', input: {} }, who: isFirm },
    { label: 'People', press: { target: 'person.list', input: {} }, who: managesTeams },
    { label: 'Add a client…', press: { target: 'people.add-client', input: {} }, who: leads },
    { label: 'Add somebody to the team…', press: { target: 'people.add-staff', input: {} }, who: isAdmin },
    { label: 'Invite somebody of a client…', press: { target: 'people.add-contact', input: {} }, who: managesTeams },
  ],
  lives: [{ table: 'link_code', kept: '30 days', sweep: 'parley_sweep_link_code' }],
});
