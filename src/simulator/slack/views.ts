import { checkView } from '../../bots/slack/limits.ts';
import type { Arguments } from './arguments.ts';
import type { Called } from './result.ts';
import { no, ok, text } from './result.ts';
import type { Modal, ViewJson, Workspace } from './state.ts';
import { nextTs, withBlockIds } from './state.ts';

/** Slack lets a modal be opened for three seconds after somebody did something. */
const TRIGGER_MILLISECONDS = 3_000;

/** views.open */
export function openView(workspace: Workspace, args: Arguments, now: number): Called {
  const id = text(args.trigger_id);
  const trigger = workspace.triggers[id];
  if (!trigger) return no('invalid_trigger_id');
  if (now - trigger.at > TRIGGER_MILLISECONDS) return no('expired_trigger_id');
  const faults = checkView(args.view);
  if (faults.length) return no('invalid_arguments', faults);
  delete workspace.triggers[id];
  const modal = newModal(workspace, trigger.user, args.view as ViewJson, now);
  workspace.modals.push(modal);
  return ok({ view: viewOf(workspace, modal) }, { kind: 'modal', view: modal.id, user: modal.user });
}

function newModal(workspace: Workspace, user: string, view: ViewJson, now: number): Modal {
  const hash = nextTs(workspace, now);
  return {
    id: `V${hash.replace('.', '')}`,
    hash,
    user,
    view: { ...view, blocks: withBlockIds(view.blocks) },
    errors: {},
  };
}

/** views.update */
export function updateView(workspace: Workspace, args: Arguments, now: number): Called {
  const modal = workspace.modals.find(({ id }) => id === text(args.view_id));
  if (!modal) return no('not_found');
  if (args.hash !== undefined && text(args.hash) !== modal.hash) return no('hash_conflict');
  const faults = checkView(args.view);
  if (faults.length) return no('invalid_arguments', faults);
  return ok(
    { view: viewOf(workspace, changeView(workspace, modal, args.view as ViewJson, now)) },
    { kind: 'modal', view: modal.id, user: modal.user },
  );
}

/** Shows another view in an open modal. */
export function changeView(workspace: Workspace, modal: Modal, view: ViewJson, now: number): Modal {
  return Object.assign(modal, {
    hash: nextTs(workspace, now),
    view: { ...view, blocks: withBlockIds(view.blocks) },
    errors: {},
  });
}

/** A modal as Slack describes it to the app. */
export function viewOf({ team, bot }: Workspace, modal: Modal): Record<string, unknown> {
  const none = {
    callback_id: '',
    private_metadata: '',
    external_id: '',
    previous_view_id: null,
    root_view_id: modal.id,
    clear_on_close: false,
    notify_on_close: false,
  };
  return {
    ...none,
    ...modal.view,
    id: modal.id,
    hash: modal.hash,
    team_id: team.id,
    app_id: bot.appId,
    app_installed_team_id: team.id,
    bot_id: bot.botId,
    state: { values: {} },
  };
}
