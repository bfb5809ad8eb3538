import { endpoint, secretRotated } from './endpoint.ts';
import { caretakersOf, writeEndpoint } from './queries.ts';
import { keeps } from './rules.ts';
import { newSecret, OVERLAP_HOURS } from './secrets.ts';

/** Makes a new secret. For a day webhooks bear both signatures, so that the receiver can change over without losing one. */
export const rotateSecret = endpoint.command({
  name: 'endpoint.rotate-secret',
  onPage: true,
  button: { label: 'New secret', word: 'SECRET', place: 'more' },
  rank: 5,
  who: keeps,
  handle: async (context, _input, it) => {
    const after = { ...it, version: it.version + 1 };
    await writeEndpoint(context, it, after);
    return {
      events: [secretRotated.of(it, after, { tell: await caretakersOf(context, it) })],
      after,
      say: `${endpoint.called(it)} has a new secret. For ${OVERLAP_HOURS} hours webhooks are signed with the one before as well.`,
      shown: await newSecret(context, after),
    };
  },
});
