import { z } from 'zod';
import type { TeamsStandIn } from '../teams/index.ts';
import type { User } from '../teams/state.ts';
import type { Presses } from './presses.ts';
import type { Controls } from './server.ts';
import type { World } from './world.ts';

const id = z.string().min(1).max(300);
const Execute = z.object({
  user: id,
  conversation: id,
  messageId: id,
  label: z.string(),
  action: z.object({
    verb: z.string(),
    data: z.record(z.string(), z.string()),
    trigger: z.enum(['manual', 'automatic']).default('manual'),
  }),
});
const Say = z.object({ user: id, conversation: id, text: z.string().min(1), replyTo: id.optional() });
const Words = z.object({ type: z.literal('application/vnd.microsoft.activity.message'), value: z.string() });

/** What people do in Teams: the stand-in sends what Teams would send, signed, to the bot's real door. */
export function teamsActs({ teams }: World, presses: Presses): Controls['acts'] {
  const press = async ({ user, conversation, messageId, action }: z.infer<typeof Execute>) => {
    const recorded = await teams.pressAction(conversation, messageId, action, userOf(teams, user));
    if (recorded.status !== 200)
      throw new Error(`Teams got no proper answer from the bot (${recorded.status}). Try again.`);
    return recorded;
  };
  return {
    'teams-execute': async (given) => {
      const input = Execute.parse(given);
      // Before the press: it may change the title.
      const thing = titleOf(teams, input);
      const recorded = await press(input);
      if (input.action.trigger === 'manual') {
        const by = userOf(teams, input.user).name;
        presses.add({
          label: input.label,
          thing,
          by,
          where: 'Teams',
          again: () => press(input),
          twice: () => teams.resend(recorded),
        });
      }
      const words = Words.safeParse(recorded.body);
      return words.success ? { text: words.data.value } : {};
    },
    'teams-say': async (given) => {
      const { user, conversation, text, replyTo } = Say.parse(given);
      await teams.say(conversation, text, userOf(teams, user), replyTo);
    },
  };
}

function userOf(teams: TeamsStandIn, user: string): User {
  const found = teams
    .conversations()
    .flatMap(({ members }) => members)
    .find((member) => member.id === user);
  if (!found) throw new Error('Nobody here has that account.');
  return found;
}

const Titled = z.object({
  body: z
    .tuple([
      z.object({ items: z.tuple([z.object({ inlines: z.array(z.object({ text: z.string() })) })]).rest(z.any()) }),
    ])
    .rest(z.any()),
});

/** What a card is about: its heading, or the sentence that stands for all of it. */
function titleOf(teams: TeamsStandIn, { conversation, messageId }: z.infer<typeof Execute>): string {
  const messages = teams.conversations().find(({ id: one }) => one === conversation)?.messages;
  const card = messages?.find(({ id: one }) => one === messageId)?.card;
  const titled = Titled.safeParse(card);
  if (titled.success) return titled.data.body[0].items[0].inlines.map(({ text }) => text).join('');
  return typeof card?.fallbackText === 'string' ? card.fallbackText : '';
}
