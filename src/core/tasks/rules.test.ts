import { expect, test } from '@jest/globals';
import type { Actor, AudienceActor } from '../kernel/actor.ts';
import { mayTake, runsTasks, worksOn } from './rules.ts';
import type { Assignee } from './schema.ts';

const room = (side: 'staff' | 'contact'): AudienceActor => ({
  kind: 'audience',
  tenantId: 'firm',
  roomId: 'room',
  side,
  clientId: 'acme',
  projectId: null,
  timezone: 'UTC',
});
const jira: Actor = { kind: 'integration', tenantId: 'firm', connector: 'jira', account: 'x', timezone: 'UTC' };

const ofTheTeam: Assignee = { id: 'mia', name: 'Mia Member', side: 'staff' };
const ofTheClient: Assignee = { id: 'nora', name: 'Nora Client', side: 'contact' };
const task = (assignee: Assignee | null, internal = false) => ({ projectId: 'website', internal, assignee });

test('a room shows the buttons of those who read it, and of nobody else', () => {
  expect(worksOn(room('contact'), task(ofTheClient))).toBe(true);
  expect(worksOn(room('contact'), task(ofTheTeam))).toBe(false);
  expect(worksOn(room('contact'), task(null))).toBe(false);
  expect(worksOn(room('contact'), task(ofTheClient, true))).toBe(false);
  for (const assignee of [ofTheTeam, ofTheClient, null])
    expect(worksOn(room('staff'), task(assignee, true))).toBe(true);
  expect(runsTasks(room('contact'), task(ofTheClient))).toBe(false);
});

test('a connector says how far a task is, and takes none on', () => {
  expect([worksOn(jira, task(ofTheTeam)), mayTake(jira, task(null)), mayTake(room('staff'), task(null))]).toEqual([
    true,
    false,
    true,
  ]);
});
