import { connection, mended } from './connection.ts';
import { mends } from './rules.ts';
import { calledOf } from './schema.ts';

/** Tries a broken connection again, after what was wrong was put right on the tool's side or in the settings of the hub. */
export const mendConnection = connection.command({
  name: 'connection.mend',
  version: 'optional',
  button: { label: 'Try again', word: 'AGAIN', style: 'primary' },
  assurance: 'chat',
  who: mends,
  when: ({ status }) => status === 'broken' || (status === 'revoked' && 'connect it again'),
  decide: (it) => ({ ...it, status: 'active', fault: null }),
  event: mended,
  say: (it) => `${calledOf(it)} is tried again. If it still refuses, you are told here.`,
});
