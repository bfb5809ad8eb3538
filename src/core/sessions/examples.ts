import { randomBytes, randomUUID } from 'node:crypto';
import type { Examples } from '../../testing/examples.ts';

const browser = { device: 'Firefox on Linux', place: '192.0.2.1' };
const newToken = () => randomBytes(32).toString('base64url');

export const examples: Examples = {
  make: async ({ client, mark, run }) => {
    const email = `${randomUUID()}@example.com`;
    const contact = {
      client: client.id,
      name: `Nora of ${mark}`,
      email,
      role: 'client_member',
      timezone: 'Europe/Berlin',
    };
    const { id: person } = await run('admin', 'people.add-contact', contact);
    const { id: link } = await run('system', 'session.ask-link', { email, ...browser, browser: newToken(), back: '' });
    const begin = { person, link: randomUUID(), shown: 'mail', tokenHash: newToken(), ...browser };
    const { id: session } = await run('system', 'session.begin', begin);
    const { id: invitation } = await run('system', 'session.invite', { person, by: 'Ada Admin' });
    return { person, email, link, session, invitation } as Record<string, string>;
  },
  more: {
    'session.ask-link': { input: { ...browser, browser: newToken(), back: '' } },
    'session.invite': { input: { by: 'Ada Admin' } },
    'session.begin': { input: () => ({ ...browser, link: randomUUID(), shown: 'mail', tokenHash: newToken() }) },
  },
};
