import { isSystem } from '../core/kernel/actor.ts';
import type { AnyCommand } from '../core/kernel/command.ts';
import { isForKeys } from '../core/kernel/key-use.ts';
import { isOnPage } from '../core/kernel/on-page.ts';
import type { Registry } from '../core/kernel/registry.ts';
import type { AnyView } from '../core/kernel/view.ts';
import type { ToldEvent } from '../core/kernel/webhook.ts';
import { toldEvents } from '../core/kernel/webhook.ts';

/** What programs may ask for and do: all of the registry that is not for people alone, by the rules of each. */
export interface Served {
  commands: ReadonlyMap<string, AnyCommand>;
  views: ReadonlyMap<string, AnyView>;
  /** Of what they are told, by webhooks. */
  events: ReadonlyMap<string, ToldEvent>;
}

export function servedOf({ areas, commands, views }: Registry): Served {
  const named = <T extends { name: string }>(all: Iterable<T>, is: (one: T) => boolean) =>
    new Map([...all].filter(is).map((one) => [one.name, one]));
  return {
    commands: named(commands.values(), isForPrograms),
    // What strangers are shown (help, linking) shows no data.
    views: named(views.values(), ({ unlinked }) => !unlinked),
    events: toldEvents(areas),
  };
}

/**
 * Not what the hub does by itself, what no key does, what is done on pages or in rooms alone, and what takes a surer sign of who it is
 * than a key.
 */
function isForPrograms(command: AnyCommand): boolean {
  const { policy, here, claims, unlinked, assurance = 'link' } = command;
  if (policy === isSystem || !isForKeys(command) || here || claims || unlinked || isOnPage(command)) return false;
  return typeof assurance === 'function' || assurance === 'link';
}

/** `ticket.decline` is `/ticket/decline`. */
export function pathOf(name: string): string {
  return `/${name.replaceAll('.', '/')}`;
}

/** `/ticket/show` and `/ticket/show/file` ask for `ticket.show`. */
export function nameAt(path: string): string {
  const [, area = '', what = ''] = path.split('/');
  return `${area}.${what}`;
}

/** The fields of an input that a program brings: what only a channel knows is not among them. */
export function broughtOf({ known = [] }: AnyCommand, properties: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(properties).filter((name) => !known.includes(name));
}
