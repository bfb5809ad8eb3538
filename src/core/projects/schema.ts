import { z } from 'zod';
import { nameOf } from '../kernel/field.ts';

/** Where a project stands, in order. */
export const STAGES = ['discovery', 'design', 'build', 'launch', 'care', 'closed'] as const;
export type Stage = (typeof STAGES)[number];

/** A piece of work for one client. */
export const Project = z.strictObject({
  id: z.uuid(),
  clientId: z.uuid(),
  clientName: z.string(),
  name: z.string(),
  stage: z.enum(STAGES).describe('Where it stands, in order'),
  version: z.int(),
});
export type Project = z.infer<typeof Project>;

/** Where a project stands, as events and answers tell it. */
export const Facts = Project.pick({ name: true, stage: true, version: true });

/** A project as its card shows it. */
export const ShownProject = Project.extend({
  phases: z.array(
    z.strictObject({ id: z.uuid(), name: z.string(), progress: z.int().describe('Per cent done, 0 to 100') }),
  ),
});
export type ShownProject = z.infer<typeof ShownProject>;

export const name = nameOf({ label: 'Name' });
