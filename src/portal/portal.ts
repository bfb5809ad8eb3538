import type { App } from '../core/kernel/registry.ts';
import type { RateLimit } from './rate.ts';

/** What the pages work with. */
export interface Portal {
  app: App;
  /** The path under which people reach the portal: '' or /something. */
  base: string;
  /** The origin that our own forms come from. */
  origin: string;
  secure: boolean;
  rate: RateLimit;
}
