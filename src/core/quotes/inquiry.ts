import { z } from 'zod';
import type { Audience } from '../kernel/event.ts';
import { thing } from '../kernel/thing.ts';
import { inquiryForUpdate, readInquiry, writeInquiry } from './inquiry-queries.ts';
import { Inquiry, InquiryFacts } from './inquiry-schema.ts';

/** A client would like a quote. */
export const inquiry = thing({
  name: 'inquiry',
  module: 'messages',
  schema: Inquiry,
  show: 'inquiry.show',
  called: ({ title }) => `“${title}”`,
  standing: ({ status }) => (status === 'drafted' ? 'being quoted' : status),
  read: readInquiry,
  lock: inquiryForUpdate,
  write: writeInquiry,
  facts: InquiryFacts,
  factsOf: ({ id, title, status, version }) => ({ inquiry: id, title, status, version }),
  audited: ({ title, body, status, quote, reason }) => ({ title, body, status, quote, reason }),
  within: ({ clientId, projectId }) => ({ clientId, projectId }),
});

const EVERYBODY: readonly Audience[] = [{ audience: 'triage' }, { audience: 'internal' }, { audience: 'client' }];

export const asked = inquiry.event({ name: 'inquiry.asked', says: () => 'asked for a quote', audience: EVERYBODY });
export const quoted = inquiry.event({
  name: 'inquiry.quoted',
  more: { quote: z.uuid().describe('The quote that was drafted') },
  says: () => 'began to write the quote',
  audience: EVERYBODY,
});
export const refused = inquiry.event({
  name: 'inquiry.declined',
  more: { reason: z.string().describe('Why') },
  says: ({ reason }) => `declined to quote it: ${reason}`,
  audience: EVERYBODY,
});
