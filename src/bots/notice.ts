import type { Answer } from '../core/kernel/answer.ts';
import type { Block, Card } from '../core/kernel/card.ts';

/** What the person is shown, whatever the answer is, on a channel that shows cards beside the conversation. */
export function cardOf(answer: Answer): Card {
  switch (answer.kind) {
    case 'done':
    case 'card':
    case 'form':
      return answer.card;
    case 'invalid':
      return notice(answer.say, Object.values(answer.fields), null);
    case 'stale':
      return notice(answer.say, answer.changes, answer.card);
    case 'refused':
      return notice(answer.say, [], answer.card, answer.unknown ? 'Not known yet' : undefined);
    case 'not-linked':
      return notice('We do not know you here yet. Type /parley link.', [], null);
  }
}

/** For a button that an older version of Parley drew, or nobody. */
export function unreadable(): Card {
  return notice(
    'This button is from an older version of Parley, so nothing was changed. Type /parley work for what is there now.',
    [],
    null,
  );
}

/** A reason, what changed since, and the present card below. */
export function notice(
  say: string,
  changes: readonly string[],
  card: Card | null,
  title = 'Nothing was changed',
): Card {
  const said: Block[] = [{ kind: 'text', text: `⚠️ ${say}` }];
  if (changes.length)
    said.push({ kind: 'list', title: card ? 'What changed' : 'Why', items: changes.map((text) => ({ text })) });
  if (card) return { ...card, blocks: [...said, ...card.blocks], fallback: say };
  return {
    title,
    tone: 'attention',
    blocks: said,
    actions: [],
    fallback: say,
    about: { entity: 'notice', id: '', version: 0 },
  };
}
