import { Readable } from 'node:stream';
import type { Examples, Made } from '../../testing/examples.ts';
import { signUploads } from '../kernel/uploads.ts';

/** Another requirement of the example than the one that asks for words. */
const another =
  (name: string, typed: Made = {}) =>
  (made: Made): Made => ({ ...typed, requirement: made[name] ?? '' });

export const examples: Examples = {
  make: async ({ app, firm, client, mark, owner, run }) => {
    const ask = async (kind: string, more: Made = {}) => {
      const title = `Something of ${mark}`;
      return (await run('admin', 'requirement.ask', { project: client.project, kind, title, ...more })).id ?? '';
    };
    const requirement = await ask('words');
    const decision = await ask('decision', { options: `Blue of ${mark}\nGreen of ${mark}` });
    const [late, sealed] = [await ask('words'), await ask('secret')];
    const [wanted, sent] = [await ask('files'), await ask('files')];
    await owner(
      `insert into requirement_file (tenant_id, id, requirement_id, client_id, project_id, round, place, name, type, size, digest, stored, sealed_key,
        scan, person_id, given_at)
      select tenant_id, gen_random_uuid(), id, client_id, project_id, 1, 1, $2, 'image/png', 100, 'digest', gen_random_uuid(), 'sealed', 'off', $3, now()
      from requirement where id = $1`,
      [sent, `Logo of ${mark}.png`, client.approver],
    );
    const content = Readable.from([Buffer.from(`A logo of ${mark}`)]);
    const taken = [await app.files.take({ name: 'logo.txt', type: 'text/plain', content })];
    const uploads = signUploads(app.secrets, { tenantId: firm.tenantId, files: taken }, app.clock.now());
    const [file] = await owner('select id from requirement_file where requirement_id = $1', [sent]);
    // Its day was over before the world of the examples began.
    await owner(`update requirement set due_on = '2026-01-10', created_at = '2026-01-01' where id = $1`, [late]);
    await run('admin', 'requirement.reply', { requirement, body: `In any form, ${mark}.` });
    const [message] = await owner('select id from message where requirement_id = $1', [requirement]);
    const made = { requirement, decision, late, sealed, wanted, uploads };
    return { ...made, file: String(file?.id), message: String(message?.id) };
  },
  more: {
    'requirement.ask': { input: { kind: 'words', title: 'The logo' } },
    'requirement.change': { input: { title: 'The logo, please' } },
    'requirement.decide': { input: another('decision', { option: '2' }) },
    'requirement.provide-files': {
      input: (made) => ({ requirement: made.wanted ?? '', files: made.uploads ?? '' }),
    },
    'requirement.provide-secret': { input: another('sealed') },
    'requirement.reveal': { input: another('sealed'), after: [['approver', 'requirement.provide-secret']] },
    'requirement.accept': { after: [['approver', 'requirement.provide-words']] },
    'requirement.return': { after: [['approver', 'requirement.provide-words']] },
    'requirement.remind': { input: another('late') },
    'requirement.note-overdue': { input: another('late') },
  },
};
