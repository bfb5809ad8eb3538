import type { Block, ListItem } from '../kernel/card.ts';
import type { Approvers } from './schema.ts';
import { isSimple, namesOf, ruleText, standingOf } from './turn.ts';

/** Somebody's approval as a card tells it. */
interface Signed {
  personId: string;
  byName: string;
  /** When, through what, how sure it was. */
  text: string;
}

interface Of {
  approvers: Approvers;
  signed: readonly Signed[];
  clientName: string;
  /** Whether the reader is of the firm, which adds approvers and sets the rule. */
  isTeam: boolean;
  /** It can still be approved. */
  isOpen: boolean;
  /** It is agreed on: what the rule asks now does not matter any more. */
  isAgreed: boolean;
}

/** Who approved, who is missing, whose turn it is. Nothing where one approver is enough and there is one. */
export function approvalBlocks(of: Of): Block[] {
  return [...shortageBlock(of), ...listBlock(of)];
}

function listBlock({ approvers, signed, clientName, isOpen, isAgreed }: Of): Block[] {
  const done = signed.map(({ byName, text }): ListItem => ({ text: byName, detail: text, mark: 'done' }));
  if (isAgreed || !isOpen)
    return done.length > 1 ? [{ kind: 'list', title: `Approvals of ${clientName}`, items: done }] : [];
  if (isSimple(approvers)) return [];
  const { next, later } = standingOf(approvers, idsOf(signed));
  const turn = next.length === 1 && later.length ? 'It is their turn' : 'Not yet';
  const items = [
    ...done,
    ...next.map(({ name }): ListItem => ({ text: name, detail: turn, mark: 'open' })),
    ...later.map(({ name }): ListItem => ({ text: name, detail: `After ${namesOf(next)}`, mark: 'open' })),
  ];
  return [{ kind: 'list', title: `${ruleText(approvers, clientName)}: ${signed.length} so far`, items }];
}

/** The number that was asked for stays, whoever leaves: the firm is told that it cannot be reached, and what to do. */
function shortageBlock({ approvers, signed, clientName, isTeam, isOpen, isAgreed }: Of): Block[] {
  if (!isTeam || !isOpen || isAgreed) return [];
  const { short, gone, lacking } = standingOf(approvers, idsOf(signed));
  const must = lacking === 1 ? '1 more approver' : `${lacking} more approvers`;
  const cure = 'Make somebody an approver of the project, or change the rule on the client’s card.';
  return [
    ...(short
      ? [text(`Too few approvers are left: ${must} of ${clientName} must approve, and ${lacking - short} can. ${cure}`)]
      : []),
    ...(gone.length ? [text(`Named in the order, and no approver here any more: ${namesOf(gone, 'and')}.`)] : []),
  ];
}

function text(words: string): Block {
  return { kind: 'text', text: words };
}

function idsOf(signed: readonly Signed[]): string[] {
  return signed.map(({ personId }) => personId);
}
