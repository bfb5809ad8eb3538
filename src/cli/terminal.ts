import type { App } from '../core/kernel/registry.ts';

/** What the command line works with. */
export interface Terminal {
  app: App;
  /** The firm it is about; found by itself where there is only one. */
  tenantId(): Promise<string>;
  json: boolean;
  print(line: string): void;
}
