// One line per command. The area takes all that stands here.

export { addClient } from './add-client.ts';
export { addContact } from './add-contact.ts';
export { addStaff } from './add-staff.ts';
export { assign, unassign } from './assign.ts';
export { attach } from './attach.ts';
export { changeRole } from './change-role.ts';
export { confirmCode } from './confirm-code.ts';
export { confirmLink } from './confirm-link.ts';
export { deactivate } from './deactivate.ts';
export { issueCode } from './issue-code.ts';
export { joinProject, leaveProject } from './join-project.ts';
export { noteLook } from './note-look.ts';
export { requestCode } from './request-code.ts';
export { seeAs } from './see-as.ts';
export { setGrant } from './set-grant.ts';
export { unlink } from './unlink.ts';
export { useCode } from './use-code.ts';
