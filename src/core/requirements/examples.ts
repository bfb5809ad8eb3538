import type { Examples, Made } from '../../testing/examples.ts';

/** Another requirement of the example than the one that asks for words. */
const another =
  (name: string, typed: Made = {}) =>
  (made: Made): Made => ({ ...typed, requirement: made[name] ?? '' });

export const examples: Examples = {
  make: async ({ client, mark, owner, run }) => {
    const ask = async (kind: string, more: Made = {}) => {
      const title = `Something of ${mark}`;
      return (await run('admin', 'requirement.ask', { project: client.project, kind, title, ...more })).id ?? '';
    };
    const requirement = await ask('words');
    const decision = await ask('decision', { options: `Blue of ${mark}\nGreen of ${mark}` });
    const [late, sealed] = [await ask('words'), await ask('secret')];
    // Its day was over before the world of the examples began.
    await owner(`update requirement set due_on = '2026-01-10', created_at = '2026-01-01' where id = $1`, [late]);
    return { requirement, decision, late, sealed };
  },
  more: {
    'requirement.ask': { input: { kind: 'words', title: 'The logo' } },
    'requirement.change': { input: { title: 'The logo, please' } },
    'requirement.decide': { input: another('decision', { option: '2' }) },
    'requirement.provide-secret': { input: another('sealed') },
    'requirement.reveal': { input: another('sealed'), after: [['approver', 'requirement.provide-secret']] },
    'requirement.accept': { after: [['approver', 'requirement.provide-words']] },
    'requirement.return': { after: [['approver', 'requirement.provide-words']] },
    'requirement.remind': { input: another('late') },
    'requirement.note-overdue': { input: another('late') },
  },
};
