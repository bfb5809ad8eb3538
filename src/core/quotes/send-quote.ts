import { scopesOf } from '../cycles/index.ts';
import type { Context } from '../kernel/context.ts';
import { dayText } from '../kernel/dates.ts';
import { send as decide, supersede } from './offer.ts';
import { quoteForUpdate } from './queries.ts';
import { quote, sent, superseded } from './quote.ts';
import { isDraft, maySend } from './rules.ts';
import type { Quote } from './schema.ts';
import { byOf } from './schema.ts';
import { called } from './wording.ts';
import { writeQuote } from './write.ts';

/** Offers a draft to the client. From now on nobody changes it; a quote that it replaces ends with that. */
export const sendQuote = quote.command({
  name: 'quote.send',
  button: { label: 'Send to the client', word: 'SEND', style: 'primary' },
  rank: 1,
  who: maySend,
  when: isDraft,
  handle: async (context, _input, it) => {
    const { actor, now } = context;
    const by = byOf(actor);
    const scopes = it.projectId ? await scopesOf(context, it.projectId) : [];
    const after = { ...decide(it, scopes, by, now), version: it.version + 1 };
    const old = it.replaces ? await standingFor(context, it.replaces) : null;
    const ended = old && supersede(old, it, by, now);
    await writeQuote(context, it, after);
    const say = `${called(after)} is sent. ${after.clientName} can accept it until ${dayText(after.content.expiresOn)}.`;
    if (!old || !ended || ended === old) return { events: [sent.of(it, after)], after, say };
    const gone = { ...ended, version: old.version + 1 };
    await writeQuote(context, old, gone);
    return { events: [sent.of(it, after), superseded.of(old, gone, { by: it.id })], after, say };
  },
});

/** What stands now where that quote stood: another copy of it may have been sent before, and has taken its place. */
async function standingFor(context: Context, id: string): Promise<Quote | null> {
  const quote = await quoteForUpdate(context, id);
  return quote?.state.status === 'superseded' ? standingFor(context, quote.state.by) : quote;
}
