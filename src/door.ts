import type { RequestHandler } from 'express';

/** What a hub is about to do, as far as those who ask it should know, and who waits for it. */
export interface Door {
  /** It is being stopped: whoever shares requests out should send it none. */
  stopping: boolean;
  /** Requests that wait for their answer. */
  waiting: number;
  /** When the last one was answered (performance.now()). */
  answeredAt: number;
}

/** Milliseconds after an answer in which whoever asks next still comes first: people's presses come in runs. */
const CALM = 100;

export function openDoor(): Door {
  return { stopping: false, waiting: 0, answeredAt: Number.NEGATIVE_INFINITY };
}

/** Counts the requests that wait. */
export function countWaiting(door: Door): RequestHandler {
  return (_request, response, next) => {
    door.waiting += 1;
    response.once('close', () => {
      door.waiting -= 1;
      door.answeredAt = performance.now();
    });
    next();
  };
}

/** Do people wait for an answer of this process, or did they a moment ago? Then what nobody waits for goes slowly. */
export function isHurried({ waiting, answeredAt }: Door, now = performance.now()): boolean {
  return waiting > 0 || now - answeredAt < CALM;
}
