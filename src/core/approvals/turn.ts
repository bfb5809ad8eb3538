import type { Actor } from '../kernel/actor.ts';
import type { Approvers, Named } from './schema.ts';

/*
 * Who of a client's approvers is next, and whether enough have approved, as pure decisions about all of it at once. They promise,
 * whoever approved in whatever order:
 *  - it is enough only with as many different people as the rule asks for; where it asks for all, with each who may approve now;
 *  - whoever is named in the order approves after those before them, and everybody else after all who are named;
 *  - who may not approve any more is waited for no longer, and the number is no smaller for it. What they signed before counts.
 */

/** How far the approvals of one very content are. */
export interface Standing {
  /** Different people who have approved. */
  count: number;
  isEnough: boolean;
  /** Whose turn it is. */
  next: readonly Named[];
  /** Who may approve after those. */
  later: readonly Named[];
  /** How many more must approve. */
  lacking: number;
  /** How many of those cannot be found among who may approve now. */
  short: number;
  /** Named in the order, and may not approve any more, or not here. */
  gone: readonly Named[];
}

/** @param signed who has approved this very content; a person counts once */
export function standingOf({ needed, order, people }: Approvers, signed: readonly string[]): Standing {
  const who = new Set(signed);
  const left = people.filter(({ id }) => !who.has(id));
  const named = order.filter(({ id }) => left.some((one) => one.id === id));
  const [first] = named;
  // Where all are asked, nobody is not all.
  const open = needed === null ? Math.max(left.length, people.length ? 0 : 1) : needed - who.size;
  const lacking = Math.max(open, named.length, 0);
  const isEnough = lacking === 0;
  const next = isEnough ? [] : first ? [first] : left;
  return {
    count: who.size,
    isEnough,
    next,
    later: isEnough ? [] : left.filter((one) => !next.some(({ id }) => id === one.id)),
    lacking,
    short: Math.max(lacking - left.length, 0),
    gone: order.filter(({ id }) => !who.has(id) && !people.some((one) => one.id === id)),
  };
}

/**
 * May this person approve now? If not, why not, as the end of a sentence. A room's readers are asked as whoever of them is next.
 * @param verb what approving is called there: "approve", "accept"
 */
export function mayApproveNow(
  approvers: Approvers,
  signed: readonly string[],
  actor: Actor,
  verb: string,
): true | string {
  const standing = standingOf(approvers, signed);
  if (actor.kind === 'audience') return standing.next.length > 0 || 'nobody is left who may do this';
  return turnOf(standing, signed, actor.kind === 'person' ? actor.personId : null, verb);
}

/** The same by a person's id. */
export function turnOf(
  standing: Standing,
  signed: readonly string[],
  personId: string | null,
  verb: string,
): true | string {
  const { next, later } = standing;
  if (next.some(({ id }) => id === personId)) return true;
  const names = namesOf(next);
  if (personId !== null && signed.includes(personId))
    return names
      ? `you did so already, and ${names} ${next.length > 1 ? 'have' : 'has'} not yet`
      : 'you did so already';
  if (later.some(({ id }) => id === personId)) return `${names} must ${verb} first`;
  return 'only approvers of the client can do this';
}

/** Whose turn it is now and was not before: what the order made them wait for is done. */
export function turnCameTo(before: Standing, after: Standing): string[] {
  return after.next.map(({ id }) => id).filter((id) => !before.next.some((one) => one.id === id));
}

/** "Ann, Ben or Cleo" */
export function namesOf(people: readonly Named[], last = 'or'): string {
  const names = people.map(({ name }) => name);
  const [final = '', ...others] = names.reverse();
  return others.length ? `${others.reverse().join(', ')} ${last} ${final}` : final;
}

/** True where any one approver is enough: nothing more need be said of it. */
export function isSimple({ needed, order }: Pick<Approvers, 'needed' | 'order'>): boolean {
  return needed === 1 && order.length === 0;
}

/** The rule in a sentence without its end: "2 approvers of Acme, Ann first and then Ben". */
export function ruleText({ needed, order }: Pick<Approvers, 'needed' | 'order'>, clientName: string): string {
  const who =
    needed === null
      ? `All approvers of ${clientName}`
      : needed === 1
        ? `One approver of ${clientName}`
        : `${needed} approvers of ${clientName}`;
  const [first, ...others] = order.map(({ name }) => name);
  return first ? `${who}, ${[`${first} first`, ...others.map((name) => `then ${name}`)].join(', ')}` : who;
}

/** Who is still asked: "Ann", "Ann, then 1 more", "2 of Ann, Ben or Cleo"; where nobody is left, how many. */
export function stillText(standing: Standing): string {
  const { next, lacking } = standing;
  if (!next.length) return `${lacking} more`;
  if (lacking === next.length) return namesOf(next, 'and');
  if (next.length === 1) return `${namesOf(next)}, then ${lacking - 1} more`;
  return lacking === 1 ? namesOf(next) : `${lacking} of ${namesOf(next)}`;
}
