import { randomUUID } from 'node:crypto';
import type { Examples } from '../../testing/examples.ts';
import { codeFor } from './codes.ts';

const newAddress = () => `${randomUUID()}@example.com`;

export const examples: Examples = {
  make: async ({ app, client, firm, mark, owner, run }) => {
    const timezone = 'Europe/Berlin';
    const email = newAddress();
    const contact = { client: client.id, name: `Nora of ${mark}`, email, role: 'client_member', timezone };
    const { id: person } = await run('admin', 'people.add-contact', contact);
    const { id: staff } = await run('admin', 'people.add-staff', {
      name: 'Sam',
      email: newAddress(),
      role: 'member',
      timezone,
    });
    // The chat account that asks to be linked, with the code of the mail; and a code that an administrator hands on.
    const sender = { provider: 'slack', account: firm.tenantId, externalId: `U-${randomUUID()}` };
    const { id: link } = await run('system', 'identity.request-code', { ...sender, email });
    const { link: issued } = await run('admin', 'identity.issue-code', { person });
    const { look } = await run('admin', 'people.see-as', { person });
    const identity = randomUUID();
    await owner(
      `insert into identity (tenant_id, id, person_id, provider, account, external_id, proof) values ($1, $2, $3, 'teams', '', $4, 'code')`,
      [firm.tenantId, identity, person, identity],
    );
    const codes = { code: codeFor(app.secrets, String(link)), issuedCode: codeFor(app.secrets, String(issued)) };
    return { person, staff, email, timezone, ...sender, link, issued, identity, look, ...codes } as Record<
      string,
      string
    >;
  },
  more: {
    'people.add-staff': { input: () => ({ email: newAddress() }) },
    'people.add-contact': { input: () => ({ email: newAddress() }) },
    'people.change-role': { input: { role: 'client_admin' } },
    'people.assign': { input: ({ staff = '' }) => ({ person: staff }) },
    'people.unassign': { input: ({ staff = '' }) => ({ person: staff }), after: [['admin', 'people.assign']] },
    'people.note-look': { input: { page: 'home.work' } },
    'people.leave-project': { after: [['admin', 'people.join-project']] },
    'identity.use-code': { input: ({ issuedCode = '' }) => ({ code: issuedCode }) },
    'identity.attach': { after: [['the person', 'identity.confirm']] },
    'identity.linked-notice': { after: [['system', 'identity.confirm-code']] },
    'identity.issued-code': { input: ({ issued = '' }) => ({ link: issued }) },
  },
};
