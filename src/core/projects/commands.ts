// One line per command. The area takes all that stands here.

export { addPhase } from './add-phase.ts';
export { bindHere } from './bind-here.ts';
export { bindRoom } from './bind-room.ts';
export { countProgress } from './count-progress.ts';
export { mendRoom } from './mend-room.ts';
export { mendRooms } from './mend-rooms.ts';
export { noteRoomFault } from './note-room-fault.ts';
export { openProject } from './open-project.ts';
export { reportProgress } from './report-progress.ts';
export { setStage } from './set-stage.ts';
export { unbindRoom } from './unbind-room.ts';
