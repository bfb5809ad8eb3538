import { z } from 'zod';
import type { Controls } from './server.ts';
import type { World } from './world.ts';

const Comment = z.object({ key: z.string(), author: z.string(), text: z.string().min(1), visible: z.boolean() });
const Move = z.object({ key: z.string(), author: z.string(), status: z.string() });

/** What developers do in Jira; the hub hears of it by a signed webhook. */
export function jiraActs({ jira }: World): Controls['acts'] {
  return {
    'jira-comment': async (given) => {
      const { key, author, text, visible } = Comment.parse(given);
      jira.comment(key, visible ? `@client ${text}` : text, author);
    },
    'jira-move': async (given) => {
      const { key, author, status } = Move.parse(given);
      jira.move(key, status, author);
    },
  };
}
