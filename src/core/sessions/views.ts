import { z } from 'zod';
import { assured } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { momentText } from '../kernel/dates.ts';
import { DomainError } from '../kernel/errors.ts';
import { instant } from '../kernel/instant.ts';
import { signSignIn } from '../kernel/links.ts';
import { IDLE_HOURS, SIGN_IN_SECONDS } from '../kernel/session-life.ts';
import { view } from '../kernel/view.ts';
import { begunNotice, invitationMail, linkMail, portalCard, sessionsCard } from './cards.ts';
import { isOwn, Session, session as thing } from './session.ts';

/** The mail with the link that signs in: shown to nobody but the person it is for. */
export const linkView = view({
  name: 'session.link',
  module: null,
  input: z.strictObject({ link: z.uuid() }),
  output: z.strictObject({
    firm: z.string(),
    device: z.string(),
    place: z.string(),
    browser: z.string().describe('Which browser asked: the link signs in no other one'),
    back: z.string(),
    at: instant(),
    expires: instant(),
  }),
  read: async (context, { link }) => {
    const { actor, sql } = context;
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
    return { ...asked, firm: await firmName(context) };
  },
  // The link itself is no data: it stands in the mail alone.
  card: ({ firm, device, place, browser, back, ...asked }, { actor, secrets, publicUrl }, { link }) => {
    if (actor.kind !== 'person') throw notThere();
    const { tenantId, personId } = actor;
    const expires = Math.floor(asked.expires.getTime() / 1000);
    const token = signSignIn(secrets, { tenantId, personId, id: link, shown: 'mail', browser, back, expires });
    const url = `${publicUrl}/sign-in/${token}`;
    return linkMail(
      { id: link, firm, url, minutes: MINUTES },
      { device, place, at: momentText(asked.at, actor.timezone) },
    );
  },
});

/** The mail that invites: its link signs in, and is shown to nobody but the person it is for. */
export const invitationView = view({
  name: 'session.invitation',
  module: null,
  input: z.strictObject({ invitation: z.uuid() }),
  output: z.strictObject({ firm: z.string(), by: z.string().describe('Who invites'), expires: instant() }),
  read: async (context, { invitation }) => {
    const { actor, sql } = context;
    if (actor.kind !== 'person') throw notThere();
    const [found] = await sql<{ by: string; expires: Date }>`
      select by_name as by, expires_at as expires from invitation where id = ${invitation} and person_id = ${actor.personId}`;
    if (!found) throw notThere();
    return { ...found, firm: await firmName(context) };
  },
  // As with a link that was asked for, the link itself is no data.
  card: ({ firm, by, expires }, { actor, secrets, publicUrl }, { invitation: id }) => {
    if (actor.kind !== 'person') throw notThere();
    const { tenantId, personId, timezone } = actor;
    const seconds = Math.floor(expires.getTime() / 1000);
    const link = { tenantId, personId, id, shown: 'mail', browser: '', back: '', expires: seconds } as const;
    const url = `${publicUrl}/sign-in/${signSignIn(secrets, link)}`;
    return invitationMail({ id, firm, by, url, until: momentText(expires, timezone) });
  },
});

/** The way from a chat to the pages. */
export const portalView = view({
  name: 'session.portal',
  module: null,
  word: { say: 'portal', label: 'Open the portal', about: 'all of it in your browser' },
  input: z.strictObject({}),
  output: z.strictObject({ firm: z.string() }),
  read: async (context) => {
    if (context.actor.kind !== 'person') throw notThere();
    return { firm: await firmName(context) };
  },
  card: ({ firm }, { actor, newId, portalOf }) => {
    const signsIn = actor.kind === 'person' && assured(actor.assurance, 'chat') && actor.channel !== 'portal';
    return portalCard({ id: newId(), firm, url: portalOf(null), minutes: MINUTES }, signsIn);
  },
});

/** Told after a browser was signed in, with the presses that sign it out. */
export const begunView = view({
  name: 'session.begun-notice',
  module: null,
  input: z.strictObject({ session: z.uuid() }),
  output: z.strictObject({ session: Session }),
  read: async (context, { session }) => {
    const found = await thing.read(context, session);
    if (!found || !isOwn(context.actor, found.personId)) throw notThere();
    return { session: found };
  },
  card: ({ session }, { actor }) => begunNotice(session, actor),
});

/** One's own browsers that are signed in. `current` is the one that asks. */
export const listView = view({
  name: 'session.list',
  module: null,
  input: z.strictObject({ current: z.uuid().optional() }),
  output: z.strictObject({ sessions: z.array(Session) }),
  read: async ({ sql, actor, now }) => {
    if (actor.kind !== 'person' || !isOwn(actor, actor.personId)) throw notThere();
    const sessions = await sql<Session>`
      select id, person_id as "personId", device, place, created_at as "begunAt", seen_at as "seenAt", ended_at as "endedAt",
        case when ended_at is null then 1 else 2 end as version from session
      where person_id = ${actor.personId} and ended_at is null and expires_at > ${now} and seen_at > ${idleSince(now)}
      order by seen_at desc limit 50`;
    return { sessions };
  },
  card: ({ sessions }, { newId, actor }, { current }) => sessionsCard(newId(), sessions, current, actor.timezone),
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
