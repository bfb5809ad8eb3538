import type { Actor } from '../kernel/actor.ts';
import type { Candidate } from '../people/index.ts';
import { contactAs } from '../people/index.ts';
import type { Approvers } from './schema.ts';

/** What `parley_approvers(client, project)` answers: the client's rule, and who could be an approver there. */
export interface ApproversRow {
  needed: number | null;
  order: { id: string; name: string }[];
  people: Candidate[];
}

/**
 * Those of the candidates who may approve.
 * @param mayBe the same rule that a press is asked by, for somebody who would press
 */
export function approversOf(
  { needed, order, people }: ApproversRow,
  { projectId }: { projectId: string | null },
  mayBe: (actor: Actor) => boolean,
): Approvers {
  const may = people.filter((one) => mayBe(contactAs(one, projectId)));
  return { needed, order, people: may.map(({ id, name }) => ({ id, name })) };
}
