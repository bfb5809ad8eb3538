import type { Check } from './query.ts';

/** Where the clients of the firm are. */
export const TIMEZONE = 'America/New_York';

/**
 * Things of which something is true and that have not left one such event, or of which it is not and that have left any.
 * @param is a condition on a row `t` of the table
 */
export function once(table: string, event: string, is: string): Check {
  return {
    name: `rows of ${table} that left ${event} otherwise than once`,
    sql: `select t.id from ${table} t where (select count(*) from event e where e.entity_id = t.id and e.name = '${event}') <> (${is})::int`,
  };
}
