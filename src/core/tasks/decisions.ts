import type { Assignee, Part, Task } from './schema.ts';

/*
 * What becomes of a task, whatever it was before: pure, and each possible only where the command's own rule says so. The
 * version is counted by whoever writes.
 */

/** Whoever is to do it; nobody, where that is null. */
export function assign<It extends Task>(it: It, assignee: Assignee | null): It {
  return { ...it, assignee };
}

export function start<It extends Task>(it: It, now: Date): It {
  return { ...it, state: { status: 'in_progress' }, startedAt: it.startedAt ?? now.toISOString() };
}

/** What was done without a word about its beginning began then. */
export function finish<It extends Task>(it: It, now: Date): It {
  const doneAt = now.toISOString();
  return { ...it, state: { status: 'done', doneAt }, startedAt: it.startedAt ?? doneAt };
}

export function block<It extends Task>(it: It, reason: string): It {
  return { ...it, state: { status: 'blocked', reason } };
}

/** It stands again where it stood before it was blocked. */
export function unblock<It extends Task>(it: It): It {
  return { ...it, state: { status: it.startedAt === null ? 'open' : 'in_progress' } };
}

/** It is to be done anew, by whoever was to do it. */
export function reopen<It extends Task>(it: It): It {
  return { ...it, state: { status: 'open' }, startedAt: null };
}

export function drop<It extends Task>(it: It): It {
  return { ...it, state: { status: 'dropped' } };
}

export function move<It extends Task>(it: It, part: Part | null): It {
  return { ...it, part };
}

export function share<It extends Task>(it: It): It {
  return { ...it, internal: false };
}

export function makeInternal<It extends Task>(it: It): It {
  return { ...it, internal: true };
}
