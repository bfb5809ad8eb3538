import { refusal } from '../kernel/thing-definition.ts';
import { addressIn } from './address.ts';
import { changed, endpoint } from './endpoint.ts';
import { areaChoices, areasFrom, endpointFields } from './fields.ts';
import { writeEndpoint } from './queries.ts';
import type { Kind } from './rules.ts';
import { keeps } from './rules.ts';

/** What waits is sent to the new address as well. */
export function changeEndpoint(kinds: readonly Kind[]) {
  return endpoint.command({
    name: 'endpoint.change',
    fields: endpointFields(kinds),
    button: { label: 'Change', place: 'more' },
    rank: 4,
    form: ({ name, url, areas }, { actor }) => ({
      submit: 'Save',
      values: { name, url, areas: areas?.join(',') ?? '' },
      choices: { areas: areaChoices(kinds, actor) },
    }),
    assurance: 'chat',
    who: keeps,
    handle: async (context, { name, url, areas }, it) => {
      const { actor, platforms } = context;
      const wanted = { name, url: addressIn(url, platforms), areas: areasFrom(areas, kinds, actor) };
      if (JSON.stringify({ ...it, ...wanted }) === JSON.stringify(it))
        throw refusal(endpoint, it, `${endpoint.called(it)} is like that already.`);
      const after = { ...it, ...wanted, version: it.version + 1 };
      await writeEndpoint(context, it, after);
      return { events: [changed.of(it, after)], after, say: `${endpoint.called(after)} is changed.` };
    },
  });
}
