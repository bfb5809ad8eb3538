import type { Actor } from '../kernel/actor.ts';
import type { Button, Card } from '../kernel/card.ts';
import { momentText } from '../kernel/dates.ts';
import type { Session } from './session.ts';
import { session as thing } from './session.ts';

/** A link that signs in, shown to one person in a place that is theirs alone. */
interface LinkShown {
  id: string;
  firm: string;
  url: string;
  minutes: number;
}

/** The mail with the link: who asked, and that it works in their browser alone. */
export function linkMail(
  { id, firm, url, minutes }: LinkShown,
  asked: { device: string; place: string; at: string },
): Card {
  return {
    title: `Sign in to ${firm}`,
    tone: 'info',
    blocks: [
      {
        kind: 'text',
        text: `Open the link in the browser in which you asked for it. It works there alone, once, within ${minutes} minutes.`,
      },
      {
        kind: 'facts',
        facts: [
          { label: 'Browser', value: asked.device },
          { label: 'Network address', value: asked.place },
          { label: 'Asked', value: asked.at },
        ],
      },
      { kind: 'text', text: 'If it was not you, do nothing, and pass this mail on to nobody.', subtle: true },
    ],
    actions: [{ kind: 'link', label: 'Sign in…', url }],
    fallback: `Sign in to ${firm}`,
    about: { entity: 'sign-in', id, version: 0 },
  };
}

/** The first mail that somebody gets: who invites them, to what, and that nothing happens before they go on. */
export function invitationMail({
  id,
  firm,
  by,
  url,
  until,
}: {
  id: string;
  firm: string;
  by: string;
  url: string;
  until: string;
}): Card {
  return {
    title: `${by} invites you to work with ${firm}`,
    tone: 'info',
    blocks: [
      {
        kind: 'text',
        text: `Here you and ${firm} agree on what is done: you see where everything stands, approve it, ask, and send what is needed. What needs your answer comes by mail too, and can be answered there.`,
      },
      {
        kind: 'text',
        text: `The link signs you in, once, until ${until}. Pass it on to nobody. If you do not know ${firm}, do nothing.`,
        subtle: true,
      },
    ],
    actions: [{ kind: 'link', label: 'Accept the invitation…', url }],
    fallback: `${by} invites you to work with ${firm}.`,
    about: { entity: 'invitation', id, version: 0 },
  };
}

/** In a chat: the way to the pages, for this person alone. */
export function portalCard({ id, firm, url, minutes }: LinkShown, signsIn: boolean): Card {
  const text = signsIn
    ? `The link signs you in, once, within ${minutes} minutes. Pass it on to nobody.`
    : 'Sign in there with your mail address: a link is sent to it.';
  return {
    title: `${firm} in your browser`,
    tone: 'info',
    blocks: [{ kind: 'text', text }],
    actions: [{ kind: 'link', label: 'Open the portal', url }],
    fallback: `${firm} in your browser.`,
    about: { entity: 'home', id, version: 0 },
  };
}

const SIGN_OUT_ALL: Button = {
  kind: 'button',
  label: 'Sign out everywhere',
  style: 'danger',
  word: 'OUT',
  press: { target: 'session.end-all', input: {} },
};

/** Tells a person on every channel that a browser acts as them now. */
export function begunNotice(it: Session, actor: Actor): Card {
  const { id, device, place, begunAt } = it;
  return {
    title: 'You signed in to the portal',
    tone: 'attention',
    blocks: [
      {
        kind: 'facts',
        facts: [
          { label: 'Browser', value: device },
          { label: 'Network address', value: place },
          { label: 'Signed in', value: momentText(begunAt, actor.timezone) },
        ],
      },
      {
        kind: 'text',
        text: 'What is done in that browser counts as done by you. If it was not you, sign it out and tell the firm.',
      },
    ],
    actions: [...thing.buttons(it, actor), SIGN_OUT_ALL],
    fallback: `A browser is signed in as you: ${device}, from ${place}.`,
    about: { entity: 'session', id, version: 0 },
  };
}

/** The browsers that are signed in, the one used last first. */
export function sessionsCard(id: string, sessions: Session[], current: string | undefined, timezone: string): Card {
  return {
    title: 'Where you are signed in',
    tone: 'neutral',
    blocks: sessions.length
      ? [{ kind: 'list', items: sessions.map((session) => sessionItem(session, session.id === current, timezone)) }]
      : [{ kind: 'text', text: 'No browser is signed in.' }],
    actions: sessions.length ? [SIGN_OUT_ALL] : [],
    fallback: `${sessions.length} browsers are signed in.`,
    about: { entity: 'home', id, version: 0 },
  };
}

function sessionItem({ id, device, place, begunAt, seenAt }: Session, isThis: boolean, timezone: string) {
  return {
    text: isThis ? `${device}, this browser` : device,
    detail: `from ${place}, signed in ${momentText(begunAt, timezone)}, last seen ${momentText(seenAt, timezone)}`,
    button: { kind: 'button' as const, label: 'Sign out', press: { target: 'session.end', input: { session: id } } },
  };
}
