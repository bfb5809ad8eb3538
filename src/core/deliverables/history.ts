import { diffContent } from './content.ts';
import type { Deliverable } from './schema.ts';
import { lastShare } from './schema.ts';
import { standingText } from './wording.ts';

/** What is new of a deliverable, for whoever pressed on an old card: what was shared last beside what was before, and how it stands. */
export function changesSince(it: Deliverable): string[] {
  const [last, before] = [lastShare(it), it.shares.at(-2)];
  return [...(last && before && !last.decision ? diffContent(before.content, last.content) : []), standingText(it)];
}
