import type { APIModalInteractionResponseCallbackData } from 'discord.js';
import type { Card } from '../../core/kernel/card.ts';
import type { FormMessage } from './form-message.ts';

/** What an interaction comes to, for the one who made it. */
export type Shown =
  /** Nothing: a posted card draws itself again when its thing changed. */
  | { kind: 'quiet' }
  | { kind: 'card'; card: Card }
  /** A form; where no modal can be opened any more, a message with a button that opens it. */
  | { kind: 'modal'; modal: APIModalInteractionResponseCallbackData; later: FormMessage }
  | { kind: 'form'; message: FormMessage };
