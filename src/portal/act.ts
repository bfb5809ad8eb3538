import type { Answer } from '../core/kernel/answer.ts';
import { answerPress } from '../core/kernel/answer.ts';
import type { DomainError } from '../core/kernel/errors.ts';
import { HTTP_STATUS } from '../core/kernel/errors.ts';
import type { ShownOnce } from '../core/kernel/event.ts';
import { html } from '../core/kernel/html.ts';
import type { Reader } from './link.ts';
import { cardBeside, cardFor, viewAbout } from './link.ts';
import { noticeHtml } from './page.ts';
import type { Portal } from './portal.ts';
import type { Sent } from './seal.ts';
import type { Shown } from './show.ts';
import type { Upload } from './upload.ts';

/** Presses a button of a page as its reader, and says what to show. */
export async function act(portal: Portal, reader: Reader, sent: Sent): Promise<Shown> {
  return shownFor(portal, reader, sent, await answerTo(portal, reader, sent));
}

/** The same of a form with files. What nothing came of is not kept; of what may have been done it is. */
export async function actOn(portal: Portal, reader: Reader, sent: Sent, { stored, fault }: Upload): Promise<Shown> {
  const answer = fault ? answerOf(fault) : await answerTo(portal, reader, sent);
  const isKept = answer.kind === 'done' ? !answer.replayed : answer.kind === 'refused' && answer.unknown === true;
  if (!isKept) await portal.app.files.drop(stored);
  return shownFor(portal, reader, sent, answer);
}

function answerOf({ code, say, detail: { fields } }: DomainError): Answer {
  return code === 'invalid' && fields ? { kind: 'invalid', say, fields } : { kind: 'refused', say, code, card: null };
}

function answerTo({ app }: Portal, reader: Reader, { press, once, typed, isForm }: Sent): Promise<Answer> {
  const form = isForm ? { form: typed } : {};
  return answerPress(app, reader.who, { press, requestId: reader.requestId(press, once), ...form });
}

async function shownFor({ app }: Portal, reader: Reader, sent: Sent, answer: Answer): Promise<Shown> {
  const { press, typed } = sent;
  switch (answer.kind) {
    case 'done': {
      const below = await cardBeside(app, reader.who, viewAbout(app, press));
      const notice = html`${doneNotice(answer, reader)}${answer.shown ? shownOnceHtml(answer.shown) : null}`;
      return { status: 200, notice, card: answer.card, view: viewAbout(app, press), below };
    }
    case 'card':
    case 'form':
      return { status: 200, notice: null, card: answer.card, view: press };
    case 'invalid': {
      const card = await cardFor(app, reader.who, sent.view);
      const notice = noticeHtml(
        'danger',
        'Nothing was done yet',
        [card ? 'Please look at the marked fields.' : answer.say],
        card === null,
      );
      return { status: 422, notice, card, view: sent.view, typed, faults: answer.fields };
    }
    case 'stale': {
      const notice = noticeHtml('attention', `Nothing was done. ${answer.say}`, answer.changes);
      return { status: 409, notice, card: answer.card, view: viewAbout(app, press) };
    }
    case 'refused': {
      const card = answer.card ?? (await cardBeside(app, reader.who, sent.view));
      const heading = answer.unknown ? 'Not known yet' : 'Nothing was done';
      const notice = noticeHtml('danger', heading, [answer.say], card === null);
      const surer = answer.surer ? { surer: true } : {};
      return { status: HTTP_STATUS[answer.code], notice, card, view: sent.view, ...surer };
    }
    case 'not-linked':
      return {
        status: 403,
        notice: noticeHtml('danger', 'Nothing was done', ['We do not know you here any more.'], true),
        card: null,
        view: null,
      };
  }
}

function doneNotice({ replayed }: Extract<Answer, { kind: 'done' }>, { session }: Reader) {
  return replayed
    ? noticeHtml('good', 'This was done already', [
        'Nothing happened a second time. This was the outcome of the first time:',
      ])
    : noticeHtml('good', 'Done', session ? [] : ['You can close this page.']);
}

/** It stands on this one page, which no browser keeps, and in nothing that is stored. */
function shownOnceHtml({ label, text, note }: ShownOnce) {
  return html`<section class="once" aria-label="${label}"><h2>${label}</h2>
<pre class="secret" tabindex="0">${text}</pre>
<p class="subtle">${note}</p></section>`;
}
