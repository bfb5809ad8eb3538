import { editScope as decide } from './agree.ts';
import { changeLine, contentFields, diffContent, requireOrder, writeDeliverables } from './content.ts';
import { cycle, scopeChanged } from './cycle.ts';
import { byOf, isOpen, runsCycles } from './rules.ts';
import { scopeOf, signedByBoth } from './schema.ts';

/** Changes what was agreed: a new version of the scope, which both sides approve anew. The old one stays on record. */
export const editScope = cycle.command({
  name: 'cycle.edit-scope',
  formerly: ['cycle.scope-form'],
  fields: contentFields,
  button: { label: 'Edit scope', word: 'SCOPE' },
  rank: 3,
  form: (it) => {
    const { content } = scopeOf(it);
    return {
      title: `Scope of ${content.name}`,
      lead: 'Saving makes a new version that both sides approve anew. Earlier versions and their approvals stay on record.',
      submit: 'Save scope',
      values: { ...content, deliverables: writeDeliverables(content.deliverables) },
    };
  },
  who: runsCycles,
  when: isOpen,
  decide: (it, { name, startsOn, endsOn, deliverables }, { actor, now }) => {
    const content = { name, startsOn, endsOn, deliverables };
    requireOrder(content);
    return decide(it, { version: it.version, content }, byOf(actor), now);
  },
  event: (before, after) => {
    const [was, is] = [scopeOf(before), scopeOf(after)];
    const changes = diffContent(was.content, is.content).map(changeLine);
    return scopeChanged.of(before, after, { changes, afterBothSigned: signedByBoth(was) });
  },
  say: (after) => {
    const { number, content } = scopeOf(after);
    return `${content.name} has version ${number} of its scope now. Both sides approve it anew.`;
  },
});
