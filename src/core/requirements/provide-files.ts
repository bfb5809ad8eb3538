import { files } from '../kernel/field.ts';
import { provide } from './decisions.ts';
import { keepFiles } from './files.ts';
import { provided, requirement } from './requirement.ts';
import { canProvide, mayProvide } from './rules.ts';
import { byOf } from './schema.ts';
import { called } from './wording.ts';
import { writeRequirement } from './write.ts';

/** The client sends files, from a page of their own. They are scanned and sealed as they come, and wait until the firm accepts them. */
export const provideFiles = requirement.command({
  name: 'requirement.provide-files',
  fields: { files: files({ label: 'Files', hint: 'Up to ten at once. The firm looks at them before they count.' }) },
  button: { label: 'Provide', style: 'primary' },
  rank: 1,
  form: (it) => ({ title: it.title, lead: it.details ?? '', submit: 'Send the files' }),
  who: mayProvide,
  when: canProvide('files'),
  handle: async (context, { files }, it) => {
    const { actor, now, secrets } = context;
    const taken = files.read(secrets, actor, now);
    const given = { ...provide(it, null, byOf(actor), now), version: it.version + 1 };
    await writeRequirement(context, it, given);
    const after = { ...given, files: await keepFiles(context, given, taken) };
    const many = taken.length === 1 ? '1 file' : `${taken.length} files`;
    return {
      events: [provided.of(it, after, { round: after.round })],
      after,
      say: `${called(after)} is provided with ${many}; ${after.firmName} looks at it.`,
    };
  },
});
