import type { Actor, KeyUse, Module, Who } from './actor.ts';
import { MODULES } from './actor.ts';
import { DomainError } from './errors.ts';

/** Does a program act or ask with a key of somebody's? */
export function keyOf(who: Who): KeyUse | null {
  return (who.kind === 'person' && who.key) || null;
}

/** The rights of the key's person, without those of the modules that the key is not for. */
export function throughKey(actor: Actor, key: KeyUse | null): Actor {
  if (actor.kind !== 'person' || !key?.modules) return actor;
  const without = MODULES.filter((module) => !key.modules?.includes(module));
  return { ...actor, grants: { ...actor.grants, ...Object.fromEntries(without.map((module) => [module, 'none'])) } };
}

/** What a command says of whose things it is about, and whether somebody agrees to something by it. */
interface Asked {
  module?: Module;
  about?: { thing: { module: Module | null } };
  signs?: true;
}

/**
 * Does any key do this? Not what somebody agrees to; nor what belongs to no module, which is what people are to Parley themselves:
 * their accounts, sessions, keys, notices and connections.
 */
export function isForKeys(command: Asked): boolean {
  return !command.signs && moduleOf(command) !== null;
}

function moduleOf({ module, about }: Asked): Module | null {
  return module ?? about?.thing.module ?? null;
}

/** @throws DomainError forbidden where the key does not let it through, whatever its person may */
export function requireKey(command: Asked, who: Who): void {
  const key = keyOf(who);
  if (!key) return;
  if (!key.writes) throw new DomainError('forbidden', 'This key reads, and does nothing.');
  if (!isForKeys(command))
    throw new DomainError('forbidden', 'People do this themselves, with a press of their own. No key does it.');
  if (key.modules && !key.modules.some((module) => module === moduleOf(command)))
    throw new DomainError('forbidden', 'This key is not for that.');
}
