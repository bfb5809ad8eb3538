import { codeFor, hashOfCode, ISSUED_MINUTES } from './codes.ts';
import { codeIssued, person } from './person.ts';
import { isAdmin } from './rules.ts';

/**
 * Makes a code that an administrator hands to a person, who types it with their mail address in the chat account that is
 * to be linked: where no mail is sent, and for accounts of workspaces that are not the firm's own (Slack Connect). It is shown
 * by a further press, to whoever had it made alone.
 */
export const issueCode = person.command({
  name: 'identity.issue-code',
  version: 'optional',
  button: { label: 'Make a code to link an account', word: 'CODE' },
  assurance: 'chat',
  who: isAdmin,
  when: ({ active }) => active || 'their access has ended',
  handle: async ({ sql, newId, now, secrets }, _input, it) => {
    const link = newId();
    const hash = hashOfCode(secrets, link, codeFor(secrets, link));
    const expires = new Date(now.getTime() + ISSUED_MINUTES * 60_000);
    await sql`select parley_issue_code(${link}, ${it.id}, ${hash}, ${expires}, ${now})`;
    return {
      events: [codeIssued.of(it, it, { link })],
      after: it,
      say: `A code for ${it.name} was made. It counts for ${ISSUED_MINUTES} minutes.`,
      output: { link },
      next: {
        kind: 'button',
        label: 'Show the code',
        style: 'primary',
        press: { target: 'identity.issued-code', input: { link } },
      },
    };
  },
});
