import { choice } from '../kernel/field.ts';
import { project, stageChanged } from './project.ts';
import { runsProjects } from './rules.ts';
import { STAGES } from './schema.ts';

/** Moves a project to another stage. */
export const setStage = project.command({
  name: 'project.set-stage',
  formerly: ['project.stage-form'],
  fields: { stage: choice(STAGES, { label: 'Stage' }) },
  button: { label: 'Set stage', word: 'STAGE' },
  rank: 1,
  form: ({ name, stage }) => ({ title: `Stage of ${name}`, values: { stage } }),
  who: runsProjects,
  decide: (it, { stage }) => ({ ...it, stage }),
  event: stageChanged,
  say: ({ name, stage }) => `${name} is in ${stage} now.`,
});
