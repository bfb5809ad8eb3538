import { DomainError } from '../kernel/errors.ts';
import { LOOK_MINUTES } from './look.ts';
import { person, seenAs } from './person.ts';
import { maySeeAs, onlyFor } from './rules.ts';

/**
 * Begins to see what a contact sees (A9), on pages alone: with real data, for half an hour, and nothing can be done there. It is
 * recorded, with each page that is opened, and the client may read it.
 */
export const seeAs = person.command({
  name: 'people.see-as',
  version: 'optional',
  button: { label: 'See it as they do', word: 'SEE', place: 'more' },
  rank: 4,
  assurance: 'chat',
  who: maySeeAs,
  when: onlyFor('contact', 'what the team sees you see yourself'),
  handle: async ({ actor, sql, newId, now }, _input, it) => {
    // By `who` and `when`; the types do not know.
    if (actor.kind !== 'person' || !it.clientId) throw new DomainError('forbidden', 'You may not do this.');
    const look = newId();
    const until = new Date(now.getTime() + LOOK_MINUTES * 60_000);
    await sql`insert into look (tenant_id, id, client_id, person_id, staff_id, by_name, begun_at, ends_at)
      values (${actor.tenantId}, ${look}, ${it.clientId}, ${it.id}, ${actor.personId}, ${actor.name}, ${now}, ${until})`;
    return {
      events: [seenAs.of(it, it, { look })],
      after: it,
      say: `For ${LOOK_MINUTES} minutes you can see what ${it.name} sees. Nothing can be done there, and each page that you open is on record.`,
      output: { look },
      next: {
        kind: 'button',
        label: 'Open what they see',
        style: 'primary',
        press: { target: 'people.look', input: { look } },
      },
    };
  },
});
