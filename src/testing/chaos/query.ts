/** Asks the database as its owner. */
export type Query = (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;

/** What must not be there at rest: each row that the query finds is a fault. */
export interface Check {
  name: string;
  sql: string;
}
