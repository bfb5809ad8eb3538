import type { Actor } from '../kernel/actor.ts';
import { isFirm, may } from '../people/index.ts';

/** What is talked about: of a project, or (null) of a whole client. */
interface Placed {
  projectId: string | null;
}

/** Who talks about things: those who read them, where they may say something. */
export function talkersOf<It extends Placed>(mayRead: (actor: Actor, it: It) => boolean) {
  /** Who may say something that both sides see. */
  const mayReply = (actor: Actor, it: It): boolean => {
    const isSomebody = actor.kind === 'person' || actor.kind === 'audience';
    return isSomebody && may(actor, 'comment', 'messages', it.projectId ?? undefined) && mayRead(actor, it);
  };
  /** Who may write for the team alone: the team. */
  const mayNote = (actor: Actor, it: It): boolean => isFirm(actor) && mayReply(actor, it);
  return { mayReply, mayNote };
}
