import type { Who } from '../core/kernel/actor.ts';
import type { Answer } from '../core/kernel/answer.ts';
import { answerPress } from '../core/kernel/answer.ts';
import type { AnyCommand } from '../core/kernel/command.ts';
import { ask } from '../core/kernel/db.ts';
import { askForCode, hashOfPosted, PostedCode } from '../core/kernel/posted-code.ts';
import type { App } from '../core/kernel/registry.ts';
import { storable } from '../core/kernel/text.ts';
import type { Pressed } from './channel.ts';

/**
 * A code was posted: the firm that acts is the one whose code it is, whichever firm's the account was, or nobody's. Without a
 * code it is asked for.
 * @param known what the platform says of who posts
 */
export async function claim(
  app: App,
  command: AnyCommand,
  pressed: Pressed,
  known: Record<string, string>,
): Promise<Answer> {
  const { press, form, requestId, who, place } = pressed;
  const given = form?.code ?? press.input.code;
  const bare = { target: command.name, input: {} };
  if (given === undefined) return { kind: 'form', card: askForCode(bare) };
  if (who.manages === false)
    return {
      kind: 'refused',
      code: 'forbidden',
      say: 'Only somebody who may manage this server connects it.',
      card: null,
    };
  const code = PostedCode.safeParse(given);
  const found = code.success ? await posted(app, pressed, code.data) : null;
  if (!found) return { kind: 'invalid', say: `The code ${WRONG}`, fields: { code: WRONG } };
  if ('many' in found)
    return {
      kind: 'refused',
      code: 'rate_limited',
      say: 'Too many wrong codes came from here. Please wait an hour.',
      card: null,
    };
  const actor: Who = {
    kind: 'person',
    tenantId: found.tenant,
    personId: found.person,
    channel: who.provider,
    assurance: who.assurance,
  };
  const knownHere = { ...known, ...(place ? { postedIn: storable(place.address) } : {}) };
  return answerPress(app, actor, { press: bare, requestId, form: { code: given }, known: knownHere });
}

const WRONG = 'is not right, or too old. Make another one on the pages of your firm, and copy its eight digits.';

async function posted(
  app: App,
  { who: { install } }: Pressed,
  code: string,
): Promise<{ tenant: string; person: string } | { many: true } | null> {
  const [row] = await ask<{ found: { tenant: string; person: string } | { many: true } | null }>(app.database, {
    text: 'select parley_posted_code($1, $2, $3, $4) as found',
    values: [install.tool, storable(install.account), hashOfPosted(app.secrets, install.tool, code), app.clock.now()],
  });
  return row?.found ?? null;
}
