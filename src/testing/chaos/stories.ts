import { readJson } from '../../core/kernel/json.ts';
import type { Act, Reply, World } from './acts.ts';
import { isAccepted, post, submit } from './acts.ts';
import type { Check, Query } from './query.ts';

/** What there is to say of an area whose commands are pressed while things are killed. */
export interface Pressed {
  stories: readonly Story[];
  /** The schedules that the clock asks for, by which it does by itself what is due. */
  schedules: readonly string[];
  /** What must not be there at rest. */
  checks: readonly Check[];
}

/** What people do one after the other with one thing. */
export interface Story {
  steps: readonly Step[];
  /**
   * A statement by which it has waited for days once its last step is done, and the clock finds it due.
   * Nobody answers it: it is reminded of, once. Moments are of whole seconds: the hub keeps none finer than a millisecond, and what was
   * sent is not changed by it.
   */
  ages?(made: Made): string;
}

export interface Step {
  /** Who does it, with an API key of theirs. */
  by: 'admin' | 'approver';
  /** The command. */
  does: string;
  /** The event that is its effect. */
  leaves: string;
  input(made: Made): Record<string, unknown>;
  /** No key signs: it is done in a modal of Slack, with these options ticked, by field. */
  signs?: Readonly<Record<string, string>>;
}

/** What the steps so far were answered (ids, version, hash), and what the story begins with. */
export type Made = Readonly<Record<string, unknown>>;

/**
 * The acts of a story, to be sent one after the other, each until it is acknowledged. One that comes again later is the same request,
 * and must be answered as it was.
 * @param number of this story alone
 */
export function actsOf(world: World, story: Story, mark: string, number: number): Act[] {
  const { id: client, project } = world.firm.acme;
  let made: Made = { client, project, mark, month: monthOf(number) };
  const isLast = (index: number) => index === story.steps.length - 1;
  return story.steps.map((step, index): Act => {
    let input: Record<string, unknown> | undefined;
    let isDone = false;
    const act: Act = {
      kind: step.does,
      mark: `${mark}-${index + 1}`,
      leaves: step.leaves,
      send: async () => {
        input ??= step.input(made);
        const reply = await send(world, step, act.mark, input);
        if (!reply.ok) act.refusal = reply.text;
        if (!reply.ok || isDone) return reply.ok;
        made = { ...made, ...answerIn(reply) };
        const fault = isLast(index) && story.ages ? await age(world.asOwner, story.ages(made)) : null;
        if (fault !== null) act.refusal = fault;
        isDone = fault === null;
        return isDone;
      },
    };
    return act;
  });
}

/** A project has one of each month. Long ago, so that none is a month that is just over. */
function monthOf(number: number): string {
  return new Date(Date.UTC(1500, number, 1)).toISOString().slice(0, 7);
}

async function send(world: World, step: Step, mark: string, input: Record<string, unknown>): Promise<Reply> {
  const { by, does, signs } = step;
  if (!signs)
    return post(world, does, `${world.hub}/api/v1/${does.replace('.', '/')}`, JSON.stringify(input), {
      authorization: `Bearer ${world.keys[by]}`,
      'content-type': 'application/json',
      'idempotency-key': mark,
    });
  const reply = await submit(world, does, {
    ...{ person: by === 'admin' ? world.firm.admin : world.firm.acme.approver, view: `V${mark}`, hash: 'hash' },
    press: { target: does, input: input as Record<string, string> },
    form: Object.fromEntries(
      Object.entries(signs).map(([name, value]) => [name, { type: 'checkboxes', selected_options: [{ value }] }]),
    ),
  });
  return { ...reply, ok: isAccepted(reply) };
}

function answerIn({ text }: Reply): Made {
  const read = readJson(text.slice(text.indexOf(' ') + 1));
  return typeof read === 'object' && read !== null ? (read as Made) : {};
}

/**
 * Behind the triggers that keep what was sent as it was sent, in one transaction. Returns what went wrong, like while the database is
 * started anew: the act is sent again then, and with it this.
 */
async function age(asOwner: Query, statement: string): Promise<string | null> {
  try {
    await asOwner(`set local session_replication_role = replica; ${statement}`);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
