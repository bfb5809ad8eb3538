import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import type { Card } from '../kernel/card.ts';
import { momentText } from '../kernel/dates.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { isTeam, may } from '../people/index.ts';
import { inquiry as thing } from './inquiry.ts';
import { readInquiry } from './inquiry-queries.ts';
import { Inquiry } from './inquiry-schema.ts';
import { quote } from './quote.ts';

/** What a client would like a quote for, and what became of it. */
export const showInquiry = view({
  name: 'inquiry.show',
  module: 'messages',
  input: z.strictObject({ inquiry: z.uuid() }),
  output: z.strictObject({ inquiry: Inquiry }),
  read: async (context, { inquiry: id }) => {
    const inquiry = there(await readInquiry(context, id));
    allow(may(context.actor, 'read', 'messages', inquiry.projectId));
    return { inquiry };
  },
  card: ({ inquiry }, { actor }) => inquiryCard(inquiry, actor),
});

export const LABELS = { open: 'Waiting for a quote', drafted: 'Being quoted', declined: 'Declined' } as const;
const TONES = { open: 'attention', drafted: 'info', declined: 'danger' } as const;

function inquiryCard(inquiry: Inquiry, actor: Actor): Card {
  const { title, body, status, clientName, projectName, byName, createdAt, reason } = inquiry;
  const client = isTeam(actor) ? [{ label: 'Client', value: clientName }] : [];
  const opened = inquiry.quote && isTeam(actor) ? [quote.opening(inquiry.quote, 'Open the quote', 'OPEN')] : [];
  return {
    title: `Quote wanted: ${title}`,
    tone: TONES[status],
    status: LABELS[status],
    blocks: [
      ...(reason ? [{ kind: 'text' as const, text: `Declined: ${reason}` }] : []),
      {
        kind: 'facts',
        facts: [
          ...client,
          { label: 'Project', value: projectName },
          { label: 'Asked by', value: `${byName}, ${momentText(createdAt, actor.timezone)}` },
        ],
      },
      ...(body ? [{ kind: 'text' as const, text: body }] : []),
    ],
    actions: [...thing.buttons(inquiry, actor), ...opened],
    fallback: `${byName} would like a quote: ${title} (${LABELS[status].toLowerCase()})`,
    about: { entity: 'inquiry', id: inquiry.id, version: inquiry.version },
  };
}
