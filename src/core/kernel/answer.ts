import type { Actor, Who } from './actor.ts';
import type { Card, Press } from './card.ts';
import { formOf } from './card.ts';
import type { AnyCommand } from './command.ts';
import { parseInput } from './command.ts';
import type { Context } from './context.ts';
import { withActor } from './context.ts';
import { DomainError, NotLinked } from './errors.ts';
import type { ShownOnce } from './event.ts';
import { lacksFields } from './form.ts';
import { isElsewhere, wayToPage } from './on-page.ts';
import type { App } from './registry.ts';
import { commandOf, runCommand, showView } from './registry.ts';
import { allow, there } from './thing-definition.ts';

/** What came back from a card. */
export interface Presses {
  press: Press;
  requestId: string;
  /** What the person typed into the form. */
  form?: Record<string, string>;
  /** What the channel itself knows of the act. */
  known?: Record<string, string>;
  /** The room in which it was done, as the channel says. */
  place?: Place;
}

/** A room by the platform's own names. */
export interface Place {
  channel: string;
  account: string;
  address: string;
}

/** What the person who pressed is shown, the same on every channel. */
export type Answer =
  /** The command ran. `card` says what was done. */
  | { kind: 'done'; card: Card; actor: Actor; replayed: boolean; shown?: ShownOnce }
  /** A view: to be shown to this person alone. */
  | { kind: 'card'; card: Card }
  /** A view with form fields: a modal where the channel has modals. */
  | { kind: 'form'; card: Card }
  /** The form's fields need another look; nothing was changed. */
  | { kind: 'invalid'; say: string; fields: Readonly<Record<string, string>> }
  /** The pressed card was old. Nothing was changed; `changes` says what is different, `card` shows the present. */
  | { kind: 'stale'; say: string; changes: readonly string[]; card: Card | null }
  /**
   * Nothing was changed, unless it is `unknown`: then the commit's outcome was lost on the way. `surer`: the same press may go on
   * once its person is signed in.
   */
  | {
      kind: 'refused';
      say: string;
      code: DomainError['code'];
      card: Card | null;
      unknown?: boolean;
      surer?: boolean;
    }
  | { kind: 'not-linked'; tenantId: string };

/**
 * Answers a press: runs the command or shows the view it names. Refusals are answers, not errors.
 * A press that lacks what its command must know is answered with the command's form.
 * A press and a form come back through the other side's hands: of the form is taken what the command's form shows, and it
 * overwrites nothing of the press; of both is taken nothing that only the channel knows.
 * @throws only what is nobody's fault but ours (bugs); an unreachable database is answered as `refused`
 */
export async function answerPress(app: App, who: Who, presses: Presses): Promise<Answer> {
  const { press, requestId } = presses;
  const command = commandOf(app.registry, press);
  const pressed = command?.here ? { ...presses, known: { ...presses.known, ...presses.place } } : presses;
  try {
    if (command && !asksFirst(command, pressed)) {
      const input = inputOf(command, pressed);
      if (command.onPage && isElsewhere(who)) return await wayThere(app, who, command, press, input);
      const done = await runCommand(app, who, { name: command.name, input, requestId });
      const { card, actor, replayed, shown } = done;
      return { kind: 'done', card, actor, replayed, ...(shown ? { shown } : {}) };
    }
    const card = await showView(app, who, { target: press.target, input: { ...press.input, ...pressed.known } });
    return { kind: formOf(card) ? 'form' : 'card', card };
  } catch (error) {
    if (error instanceof NotLinked) return { kind: 'not-linked', tenantId: error.tenantId };
    if (error instanceof DomainError) return refusal(app, who, error);
    throw error;
  }
}

/** What is shown on a page alone is answered with the way there, for whoever may do it there. */
async function wayThere(app: App, who: Who, command: AnyCommand, press: Press, typed: unknown): Promise<Answer> {
  const input: unknown = parseInput(command.input, typed);
  const show = async (context: Context) => {
    const subject = there(await command.load(context, input));
    allow(command.policy(context.actor, subject));
    return wayToPage(context, press);
  };
  return { kind: 'card', card: await withActor(app, who, show, input) };
}

/** A press that lacks what the command must know is answered with its form. */
function asksFirst({ form }: AnyCommand, pressed: Presses): boolean {
  return form !== undefined && !pressed.form && lacksFields(form, { ...pressed.press.input, ...pressed.known });
}

function inputOf({ form, known = [] }: AnyCommand, pressed: Presses): Record<string, string> {
  const fields = form && pressed.form ? Object.keys(form.fields) : [];
  const shown = Object.entries(pressed.form ?? {}).filter(([name]) => fields.includes(name));
  const drawn = Object.entries(pressed.press.input).filter(([name]) => !known.includes(name));
  // Chat platforms do not send a field that was left empty or emptied; the form showed it all the same.
  const empty = fields.map((name) => [name, '']);
  return { ...Object.fromEntries([...empty, ...shown, ...drawn]), ...pressed.known };
}

async function refusal(app: App, who: Who, error: DomainError): Promise<Answer> {
  const { fields, changes, show, unknown, surer } = error.detail;
  if (error.code === 'invalid' && fields) return { kind: 'invalid', say: error.say, fields };
  const card = show ? await currentCard(app, who, show) : null;
  if (error.code === 'stale') return { kind: 'stale', say: error.say, changes: changes ?? [], card };
  return {
    kind: 'refused',
    say: error.say,
    code: error.code,
    card,
    ...(unknown ? { unknown } : {}),
    ...(surer ? { surer } : {}),
  };
}

async function currentCard(app: App, who: Who, show: Press): Promise<Card | null> {
  try {
    return await showView(app, who, show);
  } catch (error) {
    // The refusal itself is the answer; the present card is an extra the person may not be allowed to see.
    if (error instanceof DomainError) return null;
    throw error;
  }
}
