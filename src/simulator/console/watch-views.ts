import type { Registry } from '../../core/kernel/registry.ts';
import type { AnyView } from '../../core/kernel/view.ts';

/**
 * Tells when a person opens one of these views, by whichever channel: opening leaves no event. It puts other views into the registry
 * of this one app, in the place of those that the areas declared.
 */
export function watchViews({ views }: Registry, names: readonly string[], opened: (name: string) => void): void {
  const all = views as Map<string, AnyView>;
  for (const name of names) {
    const view = views.get(name);
    if (!view) continue;
    const read: AnyView['read'] = (context, ...given) => {
      if (context.actor.kind === 'person') opened(name);
      return view.read(context, ...given);
    };
    all.set(name, { ...view, read });
  }
}
