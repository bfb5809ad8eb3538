import type { EventEmitter } from 'node:events';
import type { injectedFaults } from './faults.ts';
import type { Delivered, Recorded } from './requests.ts';
import type { Change, Workspace } from './state.ts';

/** What the parts of the stand-in share. */
export interface Stage {
  workspace: Workspace;
  changes: EventEmitter<{ change: [Change] }>;
  faults: ReturnType<typeof injectedFaults>;
  /** Every call of the Web API, in order: what really arrived. */
  calls: Call[];
  /** Every request that was sent to the app. */
  recorded: Recorded[];
  /** What Slack would have refused or could not have shown; none when the app does everything right. */
  complaints: string[];
  /** Where the stand-in itself answers. */
  url: string;
  /** Codes that somebody got by allowing the app in a workspace, each for one token. */
  codes: Map<string, { stage: Stage; token: string }>;
  /** Other workspaces for which this stand-in answers as well, by their bot token. */
  others: Map<string, Stage>;
  /** No more retries then. */
  stopped: boolean;
  /** Sends a request to the app, over its socket if it has one. */
  send(recorded: Recorded, retry?: { num: number; reason: string }): Promise<Delivered>;
}

export interface Call {
  method: string;
  args: Record<string, unknown>;
  answer: Record<string, unknown>;
}

export function note(stage: Stage, changes: Change[]): void {
  for (const change of changes) stage.changes.emit('change', change);
}

export function complain(stage: Stage, text: string): void {
  stage.complaints.push(text);
  note(stage, [{ kind: 'complaint', text }]);
}

/** Runs an act and gives what changed meanwhile. */
export async function observed<T>(stage: Stage, act: () => Promise<T>): Promise<{ result: T; changes: Change[] }> {
  const changes: Change[] = [];
  const listen = (change: Change) => changes.push(change);
  stage.changes.on('change', listen);
  try {
    return { result: await act(), changes };
  } finally {
    stage.changes.off('change', listen);
  }
}

/** Waits until something is there, looking again at every change. @throws Error naming what did not come */
export async function until<T>(
  stage: Stage,
  look: () => T | null | undefined | false,
  what: string,
  milliseconds: number,
): Promise<T> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const found = look();
    if (found) return found;
    const left = deadline - Date.now();
    if (left <= 0) throw new Error(`${what} did not come within ${milliseconds} ms`);
    await new Promise<void>((resolve) => {
      const go = () => {
        clearTimeout(timer);
        stage.changes.off('change', go);
        resolve();
      };
      // Not everything that one can wait for is a change of the workspace, so it also looks by the clock.
      const timer = setTimeout(go, Math.min(left, 50));
      stage.changes.once('change', go);
    });
  }
}
