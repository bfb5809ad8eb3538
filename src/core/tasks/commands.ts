// One line per command. The area takes all that stands here.

export { addTask } from './add-task.ts';
export { assignTask } from './assign-task.ts';
export { blockTask } from './block-task.ts';
export { changeTask } from './change-task.ts';
export { dropTask } from './drop-task.ts';
export { finishTask } from './finish-task.ts';
export { makeTaskInternal } from './make-internal.ts';
export { moveTask } from './move-task.ts';
export { releaseTasks } from './release-tasks.ts';
export { reopenTask } from './reopen-task.ts';
export { shareTask } from './share-task.ts';
export { startTask } from './start-task.ts';
export { takeTask } from './take-task.ts';
export { unblockTask } from './unblock-task.ts';
