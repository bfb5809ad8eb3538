import type { App } from '../core/kernel/registry.ts';
import type { RateLimit } from './rate.ts';

/** Takes one file out of a stored mail, which it loads when its turn comes, by its place; null when there is none. @throws Error when it takes too much */
export type FileReader = (load: () => Promise<Uint8Array>, number: number) => Promise<{ content: Uint8Array } | null>;

/** What the pages work with. */
export interface Portal {
  app: App;
  /** The path under which people reach the portal: '' or /something. */
  base: string;
  /** The origin that our own forms come from. */
  origin: string;
  secure: boolean;
  rate: RateLimit;
  readFile: FileReader;
}
