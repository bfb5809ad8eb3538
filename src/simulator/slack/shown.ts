import { checkBlocks, checkView } from '../../bots/slack/limits.ts';
import type { Delivered } from './requests.ts';
import type { Stage } from './stage.ts';
import { complain, note } from './stage.ts';
import type { Change, Modal, ViewJson } from './state.ts';
import { nextTs, withBlockIds } from './state.ts';
import { changeView } from './views.ts';

/** Closes modals. */
export function close(stage: Stage, modals: Modal[]): void {
  stage.workspace.modals = stage.workspace.modals.filter((modal) => !modals.includes(modal));
  note(
    stage,
    modals.map(({ id, user }): Change => ({ kind: 'modal-closed', view: id, user })),
  );
}

/** Shows what the app answered to a modal that was sent. */
export function showSubmitted(stage: Stage, modal: Modal, { status, body }: Delivered): void {
  const answer = (body ?? {}) as { response_action?: string; errors?: Record<string, string>; view?: unknown };
  if (status !== 200) showErrors(stage, modal, { '': 'We had some trouble connecting. Try again?' });
  else if (answer.response_action === undefined) close(stage, [modal]);
  else if (answer.response_action === 'clear') closeAllOf(stage, modal.user);
  else if (answer.response_action === 'errors') showErrors(stage, modal, answer.errors ?? {});
  else if (answer.response_action === 'update') showUpdate(stage, modal, answer.view);
  else complain(stage, `there is no response_action ${answer.response_action}`);
}

function closeAllOf(stage: Stage, user: string): void {
  close(
    stage,
    stage.workspace.modals.filter((modal) => modal.user === user),
  );
}

function showUpdate(stage: Stage, modal: Modal, view: unknown): void {
  const faults = checkView(view);
  if (faults.length) {
    complain(stage, `a modal could not be shown: ${faults.join('; ')}`);
    return;
  }
  changeView(stage.workspace, modal, view as ViewJson, Date.now());
  note(stage, [{ kind: 'modal', view: modal.id, user: modal.user }]);
}

function showErrors(stage: Stage, modal: Modal, errors: Record<string, string>): void {
  const strangers = Object.keys(errors).filter((id) => id && !modal.view.blocks.some((block) => block.block_id === id));
  if (strangers.length) complain(stage, `errors name blocks that the modal does not have: ${strangers.join(', ')}`);
  modal.errors = errors;
  note(stage, [{ kind: 'modal-errors', view: modal.id, user: modal.user }]);
}

/** Shows what the app answered to a command. */
export function showCommand(stage: Stage, channel: string, user: string, { status, body }: Delivered): void {
  const ts = nextTs(stage.workspace, Date.now());
  const answer =
    status === 200
      ? (body as { text?: string; blocks?: [] } | string | null)
      : '/parley failed with the error “dispatch_failed”';
  if (!answer) return;
  const { text = '', blocks = [] } = typeof answer === 'string' ? { text: answer } : answer;
  const faults = blocks.length ? checkBlocks(blocks, 'message') : [];
  if (faults.length) {
    complain(stage, `the answer to a command could not be shown: ${faults.join('; ')}`);
    return;
  }
  stage.workspace.ephemerals.push({ ts, channel, user, threadTs: null, text, blocks: withBlockIds(blocks) });
  note(stage, [{ kind: 'ephemeral', channel, ts, user }]);
}
