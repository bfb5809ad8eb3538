import type { Cluster } from './cluster.ts';
import type { PartReport } from './report.ts';
import type { Effort, Load } from './rounds.ts';

/** What a part of the bench works with. */
export interface Bench {
  cluster: Cluster;
  load: Load;
  effort: Effort & {
    /** Rows of the large ticket table. */
    tickets: number;
    /** Waiting jobs of the large backlog. */
    backlog: number;
    /** Seconds the hub rests before its memory is read. */
    rest: number;
    /** Presses, and as many webhooks, whose bytes are counted. */
    commands: number;
  };
  /** Progress, for whoever waits. */
  log(line: string): void;
}

/** One part of the bench, by its letter. */
export interface Part {
  id: string;
  title: string;
  run(bench: Bench): Promise<PartReport>;
}
