import type { Area } from '../kernel/registry.ts';

/** What needs doing next, for each kind of person. */
export const homes: Area = {
  name: 'homes',
  commands: [],
  views: [],
  reactions: [],
  announcements: [],
  shows: {},
  answers: {},
  schedules: [],
};
