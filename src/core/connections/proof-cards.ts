import type { Actor } from '../kernel/actor.ts';
import type { Block, Button, Card } from '../kernel/card.ts';
import { momentText } from '../kernel/dates.ts';
import type { AccountProof } from './account-proof.ts';
import { connection } from './connection.ts';
import { calledOf } from './schema.ts';

/** How an account stands that is to be proven, and what can be done. */
export function proofCard(proof: AccountProof, now: Date, actor: Actor): Card {
  const { id, account, tool, endedAt, expiresAt, fault } = proof;
  const about = { entity: 'account-proof', id, version: 0 };
  if (endedAt && fault === null) {
    const title = `${calledOf({ tool, account, name: null })} is connected`;
    return {
      ...{ title, tone: 'good', blocks: [], fallback: `${title}.`, about },
      actions: [connection.opening(proof.connection, 'Open it')],
    };
  }
  const why = fault ?? (expiresAt > now ? null : NOBODY_LOOKS);
  if (why !== null) {
    const title = `Our mail did not arrive in ${account}`;
    const text = `${why} Nothing is connected.`;
    return {
      ...{ title, tone: 'danger', status: 'Not connected', blocks: [{ kind: 'text', text }], about },
      actions: [sendAgain(id)],
      fallback: `${title}: ${why}`,
    };
  }
  const title = `Waiting for our mail to arrive in ${account}`;
  const until = momentText(expiresAt, actor.timezone);
  const words = [
    `A login alone does not say whose an address is. So we ${proof.sentAt ? 'sent' : 'are sending'} a mail to ${account}, and the mailbox is connected as soon as it is there. That takes a minute as a rule, and we look until ${until}.`,
    'You need not open it, nor wait on this page. Should it lie among the spam, move it to the inbox.',
  ];
  return {
    ...{ title, tone: 'info', status: 'Waiting', about },
    blocks: words.map((text): Block => ({ kind: 'text', text })),
    actions: [lookAgain(id, 'Look again'), sendAgain(id)],
    fallback: `${title}.`,
  };
}

const NOBODY_LOOKS = 'It did not arrive in time.';

export function lookAgain(id: string, label: string): Button {
  return { kind: 'button', label, word: 'LOOK', press: { target: 'connection.proof', input: { waiting: id } } };
}

function sendAgain(id: string): Button {
  return {
    kind: 'button',
    label: 'Send again',
    word: 'SEND',
    press: { target: 'connection.send-proof-again', input: { waiting: id } },
  };
}
