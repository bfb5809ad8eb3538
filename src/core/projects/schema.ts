import { z } from 'zod';
import { nameOf } from '../kernel/field.ts';

/** Where a project stands, in order. */
export const STAGES = ['discovery', 'design', 'build', 'launch', 'care', 'closed'] as const;
export type Stage = (typeof STAGES)[number];

/** A piece of work for one client. */
export const Project = z.strictObject({
  id: z.uuid().describe('The project’s id'),
  clientId: z.uuid().describe('The client for whom it is'),
  clientName: z.string().describe('What the client is called'),
  name: z.string().describe('What the project is called'),
  stage: z.enum(STAGES).describe('Where it stands, in order'),
  version: z.int().describe('Counts every change of the project itself'),
});
export type Project = z.infer<typeof Project>;

/** Where a project stands, as events and answers tell it. */
export const Facts = Project.pick({ name: true, stage: true, version: true });

/** A project as its card shows it. */
export const ShownProject = Project.extend({
  phases: z
    .array(
      z.strictObject({
        id: z.uuid().describe('The phase’s id'),
        name: z.string().describe('What the phase is called'),
        progress: z.int().describe('Per cent done, 0 to 100'),
      }),
    )
    .describe('Its phases, in their order'),
  cyclesProgress: z
    .int()
    .nullable()
    .describe('Per cent done of its cycles’ tasks and deliverables, taken together; null where there are none'),
});
export type ShownProject = z.infer<typeof ShownProject>;

export const name = nameOf({ label: 'Name' });
