import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { MODULES } from '../kernel/actor.ts';
import { hashOfKey, writeKey } from '../kernel/api-key.ts';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { capital, choice, nameOf, optional, several } from '../kernel/field.ts';
import { formFor } from '../kernel/form.ts';
import { doneCard } from '../kernel/thing-definition.ts';
import { tickedOf } from '../kernel/ticks.ts';
import { key, liveKeys, MOST_KEYS, made, mayHaveKeys } from './key.ts';

const fields = {
  name: nameOf({ label: 'What is it for?', placeholder: 'Nightly export', most: 60 }),
  access: choice(['read', 'write'], {
    label: 'What may it do?',
    labels: { read: 'Read', write: 'Read, and do what I may do' },
    hint: 'What is agreed to is signed by people alone, whatever a key may do.',
  }),
  days: choice(['7', '30', '90', '365'], {
    label: 'For how long?',
    labels: { 7: 'A week', 30: '30 days', 90: '90 days', 365: 'A year' },
  }),
  modules: optional(
    several({
      label: 'Only for…',
      hint: 'With none ticked it is for all that you see.',
      choices: MODULES.map((value) => ({ value, label: capital(value) })),
      most: MODULES.length,
    }),
  ),
};

/**
 * Makes a key with which a program acts as whoever made it, within their rights (feature K8). The key itself is shown once, on the
 * page of this press; what is stored is its hash.
 */
export const makeKey = command({
  name: 'key.make',
  input: z.strictObject(fields),
  form: formFor({
    title: 'Make an API key',
    submit: 'Make the key',
    fields,
    who: mayHaveKeys,
    ask: () => ({ values: { access: 'read', days: '90' } }),
  }),
  onPage: true,
  load: async () => ({}),
  policy: (actor) => mayHaveKeys(actor),
  handle: async (context, { name, access, days, modules = [] }) => {
    const { actor, sql, newId, now } = context;
    if (actor.kind !== 'person') throw new DomainError('forbidden', 'You may not do this.');
    // Whoever makes several at once makes one after the other: each counts those before it.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`keys of ${actor.personId}`}, 0))`;
    if ((await liveKeys(context, actor.personId)).length >= MOST_KEYS)
      throw new DomainError('conflict', `You have ${MOST_KEYS} keys. Please end one that is of no use any more.`);
    const ticked = tickedOf('modules', modules, MODULES);
    const chosen = MODULES.filter((module) => ticked.includes(module));
    const token = randomBytes(32).toString('base64url');
    const after = {
      ...{ id: newId(), personId: actor.personId, name, writes: access === 'write', version: 1 },
      ...{ modules: chosen.length ? chosen : null, madeAt: now, seenAt: null, endedAt: null },
      expiresAt: new Date(now.getTime() + Number(days) * 86_400_000),
    };
    await sql`insert into api_key (tenant_id, id, person_id, name, token_hash, writes, modules, created_at, expires_at)
      values (${actor.tenantId}, ${after.id}, ${actor.personId}, ${name}, ${hashOfKey(token)}, ${after.writes}, ${after.modules}, ${now},
        ${after.expiresAt})`;
    return {
      events: [made.of(null, after, { person: actor.personId })],
      output: key.done(after, `The key “${name}” was made.`),
      shown: {
        label: `The key “${name}”`,
        text: writeKey(actor.tenantId, token),
        note: 'It is shown this once and kept nowhere: put it where your program finds it, and nowhere else. Whoever has it acts as you.',
      },
    };
  },
  reply: (output) => doneCard(key, output),
});
