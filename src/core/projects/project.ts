import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import { oneLine } from '../kernel/text.ts';
import { isFirm, may } from '../people/index.ts';

/** Where a project stands, in order. */
export const STAGES = ['discovery', 'design', 'build', 'launch', 'care', 'closed'] as const;
export type Stage = (typeof STAGES)[number];

export const EVENTS = {
  opened: 'project.opened',
  stageChanged: 'project.stage-changed',
  phaseAdded: 'project.phase-added',
  progressed: 'project.progressed',
  roomBound: 'project.room-bound',
  roomUnbound: 'project.room-unbound',
  roomFaulted: 'project.room-faulted',
  roomMended: 'project.room-mended',
} as const;

export const ProjectName = z
  .string()
  .overwrite(oneLine)
  .min(1, 'is needed')
  .max(120, 'may have at most 120 characters');

export interface Project {
  id: string;
  clientId: string;
  clientName: string;
  name: string;
  stage: Stage;
  version: number;
}

export interface Phase {
  id: string;
  name: string;
  /** Per cent done, 0 to 100. */
  progress: number;
}

/** Who may change how a project is set up: staff who may edit projects. */
export function runsProjects(actor: Actor): boolean {
  return isFirm(actor) && may(actor, 'edit', 'projects');
}
