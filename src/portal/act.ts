import { createHash } from 'node:crypto';
import type { Answer } from '../core/kernel/answer.ts';
import { answerPress } from '../core/kernel/answer.ts';
import type { Press } from '../core/kernel/card.ts';
import { encodePress } from '../core/kernel/card.ts';
import type { ErrorCode } from '../core/kernel/errors.ts';
import type { Opened } from './link.ts';
import { cardBeside, cardFor, requestIdOf, viewAbout } from './link.ts';
import { noticeHtml } from './page.ts';
import type { Portal } from './portal.ts';
import type { Sent } from './seal.ts';
import type { Shown } from './show.ts';

/** Presses a button of a page as the holder of its link, and says what to show. */
export async function act({ app }: Portal, opened: Opened, sent: Sent): Promise<Shown> {
  const { press, once, typed } = sent;
  const form = sent.isForm ? { form: typed } : {};
  const answer = await answerPress(app, opened.who, { press, requestId: requestId(opened, press, once), ...form });
  switch (answer.kind) {
    case 'done': {
      const below = await cardBeside(app, opened.who, viewAbout(app, press));
      return { status: 200, notice: doneNotice(answer), card: answer.card, view: viewAbout(app, press), below };
    }
    case 'card':
    case 'form':
      return { status: 200, notice: null, card: answer.card, view: press };
    case 'invalid': {
      const card = await cardFor(app, opened.who, sent.view);
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
      const card = answer.card ?? (await cardBeside(app, opened.who, sent.view));
      const heading = answer.unknown ? 'Not known yet' : 'Nothing was done';
      const notice = noticeHtml('danger', heading, [answer.say], card === null);
      return { status: STATUS[answer.code], notice, card, view: sent.view };
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

/** The link's own press has one id for good; another button of the page has one for each time the page was shown. */
function requestId({ link }: Opened, press: Press, once: string): string {
  if (encodePress(press) === encodePress(link.press)) return requestIdOf(link);
  return `${requestIdOf(link)}:${createHash('sha256')
    .update(`${encodePress(press)} ${once}`)
    .digest('base64url')
    .slice(0, 22)}`;
}

function doneNotice({ replayed }: Extract<Answer, { kind: 'done' }>) {
  return replayed
    ? noticeHtml('good', 'This was done already', [
        'Nothing happened a second time. This was the outcome of the first time:',
      ])
    : noticeHtml('good', 'Done', ['You can close this page.']);
}

const STATUS: Readonly<Record<ErrorCode, number>> = {
  invalid: 422,
  not_found: 404,
  forbidden: 403,
  conflict: 409,
  stale: 409,
  rate_limited: 429,
  unavailable: 503,
};
