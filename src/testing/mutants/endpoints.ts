import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const WEBHOOK = 'src/core/kernel/webhook.ts';
const SEND = 'src/integrations/endpoints/send.ts';
const TAKE = 'src/integrations/endpoints/take.ts';
const NOTE = 'src/integrations/endpoints/note.ts';
const CONSUMER = 'src/integrations/endpoints/consumer.ts';
const TABLES = 'prisma/migrations/20261127110000_endpoints/migration.sql';
const sending = 'src/integrations/endpoints/send.test.ts';
const delivering = 'src/integrations/endpoints/deliver.test.ts';
const endpoints = 'src/core/endpoints/endpoints.test.ts';
const told = 'src/testing/webhooks.test.ts';

/** Webhooks out. */
export const ENDPOINTS: readonly Mutant[] = [
  mutant(
    'webhooks tell of what is for the team',
    WEBHOOK,
    'audienceOf(definition, event).some(isClient)',
    'true',
    told,
  ),
  mutant(
    'webhooks tell what is for the firm alone',
    WEBHOOK,
    '?.firmOnly ? []',
    '?.firmOnly && false ? []',
    told,
    delivering,
  ),
  mutant(
    'a client’s endpoint is told of other clients',
    CONSUMER,
    '(e.client_id is null or e.client_id = ${clientId})',
    '(e.client_id is null or ${clientId}::uuid is not null)',
    told,
    delivering,
  ),
  mutant(
    'redirects count as taken',
    SEND,
    'if (status >= 200 && status < 300)',
    'if (status >= 200 && status < 400)',
    sending,
  ),
  mutant(
    'webhooks go inside',
    SEND,
    'if (addressFault(way.egress, url))',
    'if (addressFault(way.egress, url) === url.href)',
    sending,
  ),
  mutant('a receiver is waited for without end', SEND, 'AbortSignal.any([deadline, stop])', 'stop', sending),
  mutant('an answer is read to its end', SEND, 'if (size >= READ) break;', '', sending),
  mutant(
    'a later event overtakes one that is tried again',
    TAKE,
    'select distinct on (d.entity, d.entity_id) d.id,',
    'select distinct on (d.entity, d.entity_id, d.event_seq) d.id,',
    delivering,
  ),
  mutant('a later event overtakes one that was not handed on', TAKE, 'w.seq < u.event_seq', 'w.seq < 0', delivering),
  mutant(
    'what one worker has, another takes too',
    TAKE,
    'where t.taken_until > ${now})',
    'where t.taken_until < t.taken_until)',
    delivering,
  ),
  mutant(
    'what waits is not tried at once when it is used again',
    TAKE,
    'h.due_at <= ${now} or h.tried_at < ${resumedAt}',
    'h.due_at <= ${now}',
    delivering,
  ),
  mutant('one that is gone is tried on', NOTE, 'answered.status === 410', 'answered.status === 411', delivering),
  mutant(
    'a Retry-After is not heeded by what else is sent',
    NOTE,
    'case when ${wants > 0} then',
    'case when ${wants < 0} then',
    delivering,
  ),
  mutant(
    'the old secret signs on for good',
    TAKE,
    'and (ends_at is null or ends_at > ${now})',
    'and ${now}::timestamptz is not null',
    delivering,
  ),
  mutant(
    'whoever works for a client has its facts told elsewhere',
    TABLES,
    "or (p_actor ->> 'role' = 'client_admin' and (p_actor ->> 'clientId')::uuid = p_client)",
    "or (p_actor ->> 'clientId')::uuid = p_client",
    endpoints,
  ),
  mutant(
    'an endpoint becomes another client’s',
    TABLES,
    ' and e.client_id is not distinct from v_client\n',
    '\n',
    endpoints,
  ),
];
