import pg from 'pg';

export interface Statement {
  name?: string;
  text: string;
  values?: unknown[];
}

/**
 * Runs statements one after the other in one message of the protocol: the server reads them at once and answers once,
 * which for small statements costs less than half. The first that fails ends it; those after it are not run.
 * @returns the result of each
 */
export function runTogether(client: pg.PoolClient, statements: Statement[]): Promise<pg.QueryResult[]> {
  return new Promise((resolve, reject) => {
    client.query(new Batch(statements, (error, results) => (error ? reject(error) : resolve(results))));
  });
}

type Settled = (error: Error | null, results: pg.QueryResult[]) => void;

/** What pg's queries have for the client; its types leave it out. */
interface Part {
  name?: string;
  text: string;
  submit(connection: Connection): Error | null;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
  handleReadyForQuery(connection: Connection): void;
}

interface Connection {
  stream: { cork?(): void; uncork?(): void };
  sync(): void;
  parsedStatements: Record<string, string>;
  submittedNamedStatements: Record<string, string>;
}

/** A query of pg's that is several: each is told of its own answers, and only the last is followed by a sync. */
class Batch extends pg.Query {
  readonly #parts: Part[];
  readonly #results: pg.QueryResult[] = [];
  readonly #settled: Settled;
  #at = 0;
  #fault: Error | null = null;
  // The client asks the query under way for these, to remember what the connection has prepared.
  declare name: string | undefined;
  declare text: string;

  constructor(statements: Statement[], settled: Settled) {
    super({ text: '' });
    this.#settled = settled;
    this.#parts = statements.map(
      (statement) =>
        new pg.Query({
          ...statement,
          values: statement.values ?? [],
          // Never the simple protocol, whose every statement is synced.
          queryMode: 'extended',
          callback: (error: Error | null, result: pg.QueryResult) => {
            this.#fault ??= error;
            this.#results.push(result);
          },
        } as pg.QueryConfig) as unknown as Part,
    );
    Object.defineProperties(this, {
      name: { get: () => this.#parts[this.#at]?.name },
      text: { get: () => this.#parts[this.#at]?.text },
      // The client wants one, or it would wait for events.
      callback: { value: settled, writable: true },
    });
  }

  override submit = (wire: pg.Connection): Error | null => {
    const connection = wire as unknown as Connection;
    const unsynced = Object.create(connection, { sync: { value: () => undefined } }) as Connection;
    connection.stream.cork?.();
    try {
      const faults = this.#parts.map((part) => part.submit(unsynced));
      connection.sync();
      return faults.find((fault) => fault !== null) ?? null;
    } finally {
      connection.stream.uncork?.();
    }
  };

  handleRowDescription(message: unknown): void {
    this.#parts[this.#at]?.handleRowDescription(message);
  }

  handleDataRow(message: unknown): void {
    this.#parts[this.#at]?.handleDataRow(message);
  }

  handleCommandComplete(message: unknown, connection: Connection): void {
    const part = this.#parts[this.#at];
    part?.handleCommandComplete(message, connection);
    part?.handleReadyForQuery(connection);
    this.#at += 1;
  }

  handleError(error: Error, connection: Connection): void {
    // What was to be prepared after the failure was not.
    for (const { name } of this.#parts.slice(this.#at)) {
      if (name) delete connection.submittedNamedStatements[name];
    }
    this.#settled(error, []);
  }

  handleReadyForQuery(): void {
    this.#settled(this.#fault, this.#results);
  }
}
