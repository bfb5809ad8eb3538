import type { Terminal } from './terminal.ts';

/** Prints the jobs that failed for good. */
export async function deadJobs(terminal: Terminal): Promise<number> {
  const dead = await terminal.app.jobs.dead(100);
  if (terminal.json) terminal.print(JSON.stringify(dead));
  else if (!dead.length) terminal.print('No job has failed for good.');
  else
    for (const job of dead)
      terminal.print(
        `${job.at.toISOString()}  ${job.queue}  ${JSON.stringify(job.data)}\n  ${JSON.stringify(job.error)}`,
      );
  return 0;
}

/** Puts the jobs that failed for good back into their queues. */
export async function redriveJobs(terminal: Terminal): Promise<number> {
  terminal.print(`${await terminal.app.jobs.redrive()} jobs are back in their queues.`);
  return 0;
}
