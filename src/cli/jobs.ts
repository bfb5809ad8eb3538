import type { Desk } from './desk.ts';

/** Prints the jobs that failed for good. */
export async function deadJobs(desk: Desk): Promise<number> {
  const dead = await desk.app.jobs.dead(100);
  if (desk.json) desk.print(JSON.stringify(dead));
  else if (!dead.length) desk.print('No job has failed for good.');
  else
    for (const job of dead)
      desk.print(`${job.at.toISOString()}  ${job.queue}  ${JSON.stringify(job.data)}\n  ${JSON.stringify(job.error)}`);
  return 0;
}

/** Puts the jobs that failed for good back into their queues. */
export async function redriveJobs(desk: Desk): Promise<number> {
  desk.print(`${await desk.app.jobs.redrive()} jobs are back in their queues.`);
  return 0;
}
