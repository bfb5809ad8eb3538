import type { Area } from '../kernel/registry.ts';
import { addClient } from './add-client.ts';
import { addContact } from './add-contact.ts';
import { addStaff } from './add-staff.ts';
import { assign, unassign } from './assign.ts';
import { changeRole } from './change-role.ts';
import { attach, confirmCode, confirmLink } from './confirm-code.ts';
import { connect } from './connect.ts';
import { deactivate } from './deactivate.ts';
import { joinProject, leaveProject } from './join-project.ts';
import { EVENTS } from './person.ts';
import { requestCode } from './request-code.ts';
import { setGrant } from './set-grant.ts';
import { unlink } from './unlink.ts';
import { codeView, enterCodeView, linkView } from './views.ts';

export { isApprover, isFirm, may } from './policies.ts';

/** Firms, clients, the people of both, what they may do, and how we know that it is them. */
export const people: Area = {
  name: 'people',
  commands: [
    addClient,
    connect,
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
    confirmCode,
    confirmLink,
    attach,
    unlink,
  ],
  views: [linkView, enterCodeView, codeView],
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
  ],
  shows: {},
  answers: {},
  schedules: [],
};
