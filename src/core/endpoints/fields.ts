import type { Actor } from '../kernel/actor.ts';
import { capital, line, nameOf, optional, several } from '../kernel/field.ts';
import { tickedOf } from '../kernel/ticks.ts';
import type { Kind } from './rules.ts';
import { kindsFor } from './rules.ts';

/** What is asked of an endpoint. */
export function endpointFields(kinds: readonly Kind[]) {
  return {
    name: nameOf({ label: 'What is it for?', placeholder: 'Our CRM', most: 60 }),
    url: line({
      label: 'Address',
      placeholder: 'https://example.com/parley',
      hint: 'Webhooks are sent there by POST. It begins with https and leads there directly: redirects are not followed.',
      most: 500,
    }),
    areas: optional(
      several({
        label: 'Only of…',
        hint: 'With none ticked it is told of everything that the client may hear of.',
        choices: kinds.map(({ area }) => choiceOf(area)),
        most: kinds.length,
      }),
    ),
  };
}

/** The choices of this actor. */
export function areaChoices(kinds: readonly Kind[], actor: Actor) {
  return kindsFor(kinds, actor).map(choiceOf);
}

function choiceOf(area: string) {
  return { value: area, label: capital(area) };
}

/**
 * Of what an endpoint is told; null for all, also of what areas there are later.
 * @throws DomainError invalid for what the actor may not have told
 */
export function areasFrom(
  ticked: readonly string[] | undefined,
  kinds: readonly Kind[],
  actor: Actor,
): string[] | null {
  const offered = kindsFor(kinds, actor);
  const chosen = tickedOf('areas', ticked ?? [], offered);
  if (chosen.length) return chosen;
  return offered.length === kinds.length ? null : offered;
}
