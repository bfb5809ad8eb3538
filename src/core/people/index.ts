import type { Area } from '../kernel/registry.ts';
import { addClient } from './add-client.ts';
import { addContact } from './add-contact.ts';
import { addStaff } from './add-staff.ts';
import { assign, unassign } from './assign.ts';
import { changeRole } from './change-role.ts';
import { attach, confirmCode, confirmLink, useCode } from './confirm-code.ts';
import { deactivate } from './deactivate.ts';
import { issueCode } from './issue-code.ts';
import { joinProject, leaveProject } from './join-project.ts';
import { listClients, listPeople } from './lists.ts';
import { clientChoices, menu, personChoices } from './menu.ts';
import { EVENTS } from './person.ts';
import { requestCode } from './request-code.ts';
import { setGrant } from './set-grant.ts';
import { unlink } from './unlink.ts';
import { askingView, codeView, enterCodeView, haveCodeView, issuedCodeView, linkedView, linkView } from './views.ts';

export { clientChoices } from './menu.ts';
export { EVENTS } from './person.ts';
export { isApprover, isFirm, may } from './policies.ts';
export { countPeople } from './queries.ts';

/** Firms, clients, the people of both, what they may do, and how we know that it is them. */
export const people: Area = {
  name: 'people',
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
  views: [
    listClients,
    listPeople,
    linkView,
    haveCodeView,
    enterCodeView,
    codeView,
    askingView,
    linkedView,
    issuedCodeView,
  ],
  reactions: [
    { on: EVENTS.confirmed, next: (event) => ({ name: 'identity.attach', input: { link: event.about.id } }) },
  ],
  announcements: [
    {
      on: EVENTS.codeRequested,
      audience: (event) => [{ person: String(event.data.person) }],
      view: (event) => ({ target: 'identity.code', input: { link: event.about.id } }),
      as: 'reply',
    },
    {
      // Whoever got in under somebody's name does not stay unnoticed.
      on: EVENTS.linked,
      audience: (event) => [{ person: String(event.data.person), everywhere: true }],
      view: (event) => ({ target: 'identity.linked-notice', input: { link: event.about.id } }),
      as: 'alert',
    },
  ],
  shows: { link: 'identity.asking' },
  answers: {},
  schedules: [],
  menu,
  choices: { client: clientChoices, person: personChoices },
  lives: [{ table: 'link_code', kept: '30 days', sweep: 'parley_sweep_link_code' }],
};
