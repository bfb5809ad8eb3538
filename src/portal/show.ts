import type { Request, Response } from 'express';
import type { Who } from '../core/kernel/actor.ts';
import type { Card, Press } from '../core/kernel/card.ts';
import { buttonsOf, encodePress, filesOn } from '../core/kernel/card.ts';
import type { AnyCommand } from '../core/kernel/command.ts';
import { parseInput } from '../core/kernel/command.ts';
import { withActor } from '../core/kernel/context.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { Html } from '../core/kernel/html.ts';
import { html } from '../core/kernel/html.ts';
import type { App } from '../core/kernel/registry.ts';
import { commandOf, isFile, shows, showView } from '../core/kernel/registry.ts';
import { allow } from '../core/kernel/thing-definition.ts';
import type { Opened, Reader } from './link.ts';
import { cardFor, firstOutcome, viewAbout } from './link.ts';
import { lookBanner, lookForm } from './look-parts.ts';
import { navigationHtml } from './navigation.ts';
import { noticeHtml, sendPage } from './page.ts';
import type { Portal } from './portal.ts';
import type { Pressing } from './render.ts';
import { actionsHtml, cardHtml, titleHtml } from './render.ts';
import { sealedForm, sealFor, sealPage } from './seal.ts';

/** What a page of a link shows. */
export interface Shown {
  status: number;
  notice: Html | null;
  card: Card | null;
  /** The view that the card came from; a faulty form shows it again. */
  view: Press | null;
  /** A second card below: the thing as it is now. */
  below?: Card | null;
  /** A press to be confirmed before anything happens, and in whose name. */
  confirm?: { press: Press; question: string; label: string; by: string };
  /** The press of a mail that shows what is not there any more: it changes nothing and tells what did. */
  outdated?: Press;
  typed?: Readonly<Record<string, string>>;
  faults?: Readonly<Record<string, string>>;
  /** It was refused for want of a surer sign of who it is. */
  surer?: boolean;
  /** What stands below all of it. */
  more?: Html | null;
}

/** What opening a link shows. Nothing changes by it, whoever opens it: a person, a scanner, a preview. */
export async function lookAt({ app }: Portal, opened: Opened): Promise<Shown> {
  const { press } = opened.link;
  const isShown = shows(app.registry, press);
  const isForm = isShown && commandOf(app.registry, press) !== undefined;
  const unsure = isForm ? await unsureOf(showView(app, opened.who, press)) : null;
  if (unsure) {
    const view = viewAbout(app, press);
    const notice = noticeHtml('attention', 'Sign in first', [unsure]);
    return { status: 403, notice, card: await cardFor(app, opened.who, view), view, surer: true };
  }
  const view = isShown ? press : viewAbout(app, press);
  const card = await cardFor(app, opened.who, view);
  if (isShown || !commandOf(app.registry, press)) return card ? { status: 200, notice: null, card, view } : gone();
  const first = await firstOutcome(app, opened);
  if (first) return { status: 200, notice: usedNotice(), card: first, view, below: card };
  return { status: 200, card, view, ...(await confirmation(app, opened, press, card)) };
}

/** What is said where it takes a surer sign of who it is; null where it does not. */
async function unsureOf(drawing: Promise<Card>): Promise<string | null> {
  try {
    await drawing;
    return null;
  } catch (error) {
    return error instanceof DomainError && error.detail.surer ? error.say : null;
  }
}

/** What the page of a press shows to somebody who is signed in: the view, or the command's form, or the question whether to do it. */
export async function lookAtPress({ app }: Portal, reader: Reader, press: Press): Promise<Shown> {
  const command = commandOf(app.registry, press);
  if (!command || shows(app.registry, press)) {
    const card = await cardFor(app, reader.who, press);
    return card ? { status: 200, notice: null, card, view: press } : gone();
  }
  const view = viewAbout(app, press);
  try {
    await requireAllowed(app, reader.who, command, parseInput(command.input, press.input));
  } catch (error) {
    if (error instanceof DomainError && error.code !== 'unavailable') return gone();
    throw error;
  }
  const card = await cardFor(app, reader.who, view);
  return { status: 200, card, view, ...(await confirmation(app, reader, press, card)) };
}

/** Nobody is asked whether to do what they may not do. @throws DomainError forbidden */
async function requireAllowed(app: App, who: Who, command: AnyCommand, input: unknown): Promise<void> {
  await withActor(app, who, async (context) => {
    const subject = await command.load(context, input);
    allow(subject !== null && command.policy(context.actor, subject));
  });
}

export function gone(): Shown {
  const notice = noticeHtml(
    'attention',
    'This is not there any more',
    ['It was removed, or it is not for you now.'],
    true,
  );
  return { status: 404, notice, card: null, view: null };
}

function usedNotice(): Html {
  const line = 'Nothing happens a second time. This was the outcome of the first use:';
  return noticeHtml('good', 'This link was used already', [line]);
}

/** What is asked before the link's press is done. */
async function confirmation(
  app: App,
  reader: Reader,
  press: Press,
  card: Card | null,
): Promise<Pick<Shown, 'notice' | 'confirm' | 'outdated'>> {
  if (isChanged(card, press)) {
    const notice = noticeHtml('attention', 'This has changed since the mail was written', [
      'Below you see it as it is now, with the buttons that are right now. What the mail showed cannot be used any more.',
    ]);
    return { notice, outdated: press };
  }
  const verb = verbOf(card, press);
  const question = card ? `${verb} – ${card.title}?` : `${verb}?`;
  const label = `Yes, ${verb.charAt(0).toLowerCase()}${verb.slice(1)}`;
  const by = `${reader.person.name}, for ${await partyOf(app, reader)}`;
  return { notice: null, confirm: { press, question, label, by } };
}

/** For whom the reader acts: their company, or the firm itself. */
async function partyOf(app: App, { who, person, firm }: Reader): Promise<string> {
  if (!person.clientId) return firm;
  const { clientId } = person;
  const [client] = await withActor(
    app,
    who,
    ({ sql }) => sql<{ name: string }>`select name from client where id = ${clientId}`,
  );
  return client?.name ?? firm;
}

/** Writes the page. */
export function showPage(portal: Portal, request: Request, response: Response, reader: Reader, shown: Shown): void {
  const { app, base, secure } = portal;
  const { path, session } = reader;
  const { view } = shown;
  const seal = session ? sealFor(path, session, view) : sealPage(request, response, { base, secure, path, view });
  const pressing: Pressing = {
    form: reader.look
      ? lookForm(portal, reader)
      : (press, content, sends) => sealedForm(app.secrets, base, seal, press, content, sends === 'files'),
    mostBytes: app.files.most,
    fileUrl: ({ message, number }) => `${base}${path}/files/${message}/${number}`,
    madeUrl: (press) => (isFile(app.registry, press) ? `${base}${path}/${encodePress(press)}` : null),
    typed: shown.typed ?? {},
    faults: shown.faults ?? {},
  };
  const { below, card, confirm } = shown;
  const main = html`${reader.look ? lookBanner(portal, reader.look) : null}
${shown.notice}
${shown.outdated ? outdatedHtml(shown.outdated, pressing) : null}
${card ? titleHtml(card) : null}
${confirm ? confirmHtml(confirm, card, pressing) : card ? articleHtml(card, pressing) : null}
${[card, below].some((one) => one && filesOn(one).length) ? filesNotice() : null}
${below ? html`<h2>As it is now: ${below.title}</h2>${articleHtml(below, pressing)}` : null}
${shown.more}`;
  sendPage(response, base, {
    status: shown.status,
    title: card?.title ?? 'Parley',
    firm: reader.firm,
    ...(session ? { navigation: navigationHtml(portal, reader, pressing) } : {}),
    main,
  });
}

function filesNotice(): Html {
  return html`<p class="subtle">Files are handed out as they came by mail. They are not scanned for viruses yet: open only what you expect.</p>`;
}

/** A card that is its title alone has been shown by the heading. */
function articleHtml(card: Card, pressing: Pressing): Html | null {
  if (!card.blocks.length && !card.actions.length) return null;
  return html`<article class="card ${card.tone}">${cardHtml(card, pressing)}</article>`;
}

function outdatedHtml(press: Press, pressing: Pressing): Html {
  return html`<div class="actions outdated">${pressing.form(press, html`<button class="button">Show me what changed</button>`)}</div>`;
}

/**
 * First what it is about, whole; then the question, in whose name it is answered, and beside the one button all others
 * that the card gives this person: to ask, to refuse, to look further.
 */
function confirmHtml(
  { press, question, label, by }: NonNullable<Shown['confirm']>,
  card: Card | null,
  pressing: Pressing,
): Html {
  const heading = card ? html`<h2>${question}</h2>` : html`<h1>${question}</h1>`;
  const shown = card && articleHtml({ ...card, actions: [] }, pressing);
  const others = card && otherActions(card, press);
  return html`${shown}<section class="confirm" aria-label="Your answer">${heading}
<p>You answer as <strong>${by}</strong>. Nothing happens before you press.</p>
${pressing.form(press, html`<button class="button primary">${label}</button>`)}
${others?.length ? html`<p class="subtle others">Or, if you are not ready to:</p>${actionsHtml(others, pressing)}` : null}
</section>`;
}

/** The card's actions without the one that is being confirmed. */
function otherActions(card: Card, press: Press): Card['actions'] {
  return card.actions.filter((action) => action.kind !== 'button' || encodePress(action.press) !== encodePress(press));
}

/** What the press is called: as its button is, or by the command's name. */
function verbOf(card: Card | null, press: Press): string {
  const button = card && buttonsOf(card).find((one) => one.press.target === press.target);
  const name = press.target.slice(press.target.indexOf('.') + 1).replaceAll('-', ' ');
  return (button?.label ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}`).replace(/(…|\.\.\.)$/, '');
}

/** True when the card now has this button with another state behind it than the mail showed. */
function isChanged(card: Card | null, press: Press): boolean {
  const same = card ? buttonsOf(card).filter((button) => button.press.target === press.target) : [];
  return same.length > 0 && !same.some((button) => encodePress(button.press) === encodePress(press));
}
