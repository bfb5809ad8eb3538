import { z } from 'zod';
import { assured } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { momentText } from '../kernel/dates.ts';
import { DomainError } from '../kernel/errors.ts';
import { signSignIn } from '../kernel/links.ts';
import { IDLE_HOURS, SIGN_IN_SECONDS } from '../kernel/session-life.ts';
import { view } from '../kernel/view.ts';
import { begunNotice, linkMail, portalCard, sessionsCard } from './cards.ts';
import type { Session } from './session.ts';

/** The mail with the link that signs in: shown to nobody but the person it is for. */
export const linkView = view({
  name: 'session.link',
  module: null,
  input: z.strictObject({ link: z.uuid() }),
  show: async (context, { link }) => {
    const { actor, sql, secrets } = context;
    if (actor.kind !== 'person') throw notThere();
    const [asked] = await sql<{
      browser: string;
      device: string;
      place: string;
      back: string;
      at: Date;
      expires: Date;
    }>`
      select browser, device, place, back, created_at as at, expires_at as expires from sign_in
      where id = ${link} and person_id = ${actor.personId}`;
    if (!asked) throw notThere();
    const { tenantId, personId } = actor;
    const { browser, device, place, back } = asked;
    const expires = Math.floor(asked.expires.getTime() / 1000);
    const token = signSignIn(secrets, { tenantId, personId, id: link, shown: 'mail', browser, back, expires });
    const url = `${context.publicUrl}/sign-in/${token}`;
    const at = momentText(asked.at, actor.timezone);
    return linkMail({ id: link, firm: await firmName(context), url, minutes: MINUTES }, { device, place, at });
  },
});

/** The way from a chat to the pages. */
export const portalView = view({
  name: 'session.portal',
  module: null,
  word: { say: 'portal', label: 'Open the portal', about: 'all of it in your browser' },
  input: z.strictObject({}),
  show: async (context) => {
    const { actor, newId, portalOf } = context;
    if (actor.kind !== 'person') throw notThere();
    const signsIn = assured(actor.assurance, 'chat') && actor.channel !== 'portal';
    return portalCard({ id: newId(), firm: await firmName(context), url: portalOf(null), minutes: MINUTES }, signsIn);
  },
});

/** Told after a browser was signed in, with the presses that sign it out. */
export const begunView = view({
  name: 'session.begun-notice',
  module: null,
  input: z.strictObject({ session: z.uuid() }),
  show: async ({ sql, actor }, { session }) => {
    const own = actor.kind === 'person' ? actor.personId : null;
    const [found] = await sql<Session>`
      select id, device, place, created_at as "begunAt", seen_at as "seenAt" from session where id = ${session} and person_id = ${own}`;
    if (!found || actor.kind !== 'person') throw notThere();
    return begunNotice(found, actor.timezone);
  },
});

/** One's own browsers that are signed in. `current` is the one that asks. */
export const listView = view({
  name: 'session.list',
  module: null,
  input: z.strictObject({ current: z.uuid().optional() }),
  show: async ({ sql, actor, now, newId }, { current }) => {
    if (actor.kind !== 'person') throw notThere();
    const sessions = await sql<Session>`
      select id, device, place, created_at as "begunAt", seen_at as "seenAt" from session
      where person_id = ${actor.personId} and ended_at is null and expires_at > ${now} and seen_at > ${idleSince(now)}
      order by seen_at desc limit 50`;
    return sessionsCard(newId(), sessions, current, actor.timezone);
  },
});

const MINUTES = SIGN_IN_SECONDS / 60;

function idleSince(now: Date): Date {
  return new Date(now.getTime() - IDLE_HOURS * 3_600_000);
}

async function firmName({ sql, actor }: Context): Promise<string> {
  const [firm] = await sql<{ name: string }>`select name from firm where id = ${actor.tenantId}`;
  return firm?.name ?? 'Parley';
}

function notThere(): DomainError {
  return new DomainError('not_found', 'This is not there, or not for you.');
}
