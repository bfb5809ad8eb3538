import type { Request, Response } from 'express';
import type { Card, Press } from '../core/kernel/card.ts';
import { buttonsOf, encodePress } from '../core/kernel/card.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import type { Opened } from './link.ts';
import { cardFor, firstOutcome, viewAbout } from './link.ts';
import { noticeHtml, sendPage } from './page.ts';
import type { Portal } from './portal.ts';
import type { Pressing } from './render.ts';
import { cardHtml, titleHtml } from './render.ts';
import { sealedForm, sealPage } from './seal.ts';

/** What a page of a link shows. */
export interface Shown {
  status: number;
  notice: Html | null;
  card: Card | null;
  /** The view that the card came from; a faulty form shows it again. */
  view: Press | null;
  /** A second card below: the thing as it is now. */
  below?: Card | null;
  /** A press to be confirmed before anything happens. */
  confirm?: { press: Press; question: string; label: string };
  typed?: Readonly<Record<string, string>>;
  faults?: Readonly<Record<string, string>>;
}

/** What opening a link shows. Nothing changes by it, whoever opens it: a person, a scanner, a preview. */
export async function lookAt(portal: Portal, opened: Opened): Promise<Shown> {
  const { app } = portal;
  const { press } = opened.link;
  const view = viewAbout(app, press);
  const card = await cardFor(app, opened.who, view);
  if (!app.registry.commands.has(press.target)) return card ? { status: 200, notice: null, card, view } : gone();
  const first = await firstOutcome(app, opened);
  if (first) return { status: 200, notice: usedNotice(), card: first, view, below: card };
  return { status: 200, card, view, ...confirmation(card, press) };
}

function gone(): Shown {
  const notice = noticeHtml('attention', 'This is not there any more', ['It was removed, or it is not for you now.']);
  return { status: 404, notice, card: null, view: null };
}

function usedNotice(): Html {
  const line = 'Nothing happens a second time. This was the outcome of the first use:';
  return noticeHtml('good', 'This link was used already', [line]);
}

/** What is asked before the link's press is done. An old press may be sent too: it changes nothing and tells what did. */
function confirmation(card: Card | null, press: Press): Pick<Shown, 'notice' | 'confirm'> {
  if (isChanged(card, press)) {
    const notice = noticeHtml('attention', 'This has changed since the mail was written', [
      'Below you see it as it is now, with the buttons that are right now. What the mail showed cannot be used any more.',
    ]);
    return { notice, confirm: { press, question: 'What is different?', label: 'Show me what changed' } };
  }
  const verb = verbOf(card, press);
  const question = card ? `${verb} – ${card.title}?` : `${verb}?`;
  return { notice: null, confirm: { press, question, label: `Yes, ${verb.charAt(0).toLowerCase()}${verb.slice(1)}` } };
}

/** Writes the page. */
export function showPage(portal: Portal, request: Request, response: Response, opened: Opened, shown: Shown): void {
  const { app, base, secure } = portal;
  const seal = sealPage(request, response, { base, secure, token: opened.token, view: shown.view });
  const pressing: Pressing = {
    form: (press, content) => sealedForm(app.secrets, base, seal, press, content),
    typed: shown.typed ?? {},
    faults: shown.faults ?? {},
  };
  const { below, confirm } = shown;
  const card = shown.card && confirm ? without(shown.card, confirm.press) : shown.card;
  const main = html`${shown.notice}
${card ? titleHtml(card) : null}
${confirm ? confirmHtml(confirm, pressing, card === null) : null}
${card ? html`<article class="card ${card.tone}">${cardHtml(card, pressing)}</article>` : null}
${below ? html`<h2>As it is now: ${below.title}</h2><article class="card ${below.tone}">${cardHtml(below, pressing)}</article>` : null}`;
  sendPage(response, base, { status: shown.status, title: card?.title ?? 'Parley', firm: opened.firm, main });
}

function confirmHtml(
  { press, question, label }: NonNullable<Shown['confirm']>,
  pressing: Pressing,
  isTitle: boolean,
): Html {
  const heading = isTitle ? html`<h1>${question}</h1>` : html`<h2>${question}</h2>`;
  return html`<section class="confirm">${heading}${pressing.form(press, html`<button class="button primary">${label}</button>`)}</section>`;
}

/** The card without the button that is being confirmed above it. */
function without(card: Card, press: Press): Card {
  const isOther = (action: Card['actions'][number]) =>
    action.kind !== 'button' || encodePress(action.press) !== encodePress(press);
  return { ...card, actions: card.actions.filter(isOther) };
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
