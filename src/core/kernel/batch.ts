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
export async function runTogether(client: pg.PoolClient, statements: Statement[]): Promise<pg.QueryResult[]> {
  try {
    return await new Promise((resolve, reject) => {
      client.query(new Batch(statements, (error, results) => (error ? reject(error) : resolve(results))));
    });
  } catch (error) {
    // Where it was asked says more than where its answer was read.
    if (error instanceof Error) Error.captureStackTrace(error);
    throw error;
  }
}

type Settled = (error: Error | null, results: pg.QueryResult[]) => void;

/** What pg's queries have for the client; its types leave it out. */
interface Part {
  name: string | undefined;
  text: string;
  queryMode: string;
  submit(connection: Wire): Error | null;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Wire): void;
  handleReadyForQuery(connection: Wire): void;
}

/** What pg's queries use of its connection. */
interface Wire {
  stream: { cork(): void; uncork(): void };
  parsedStatements: Record<string, string>;
  submittedNamedStatements: Record<string, string>;
  parse(query: unknown): void;
  bind(config: unknown): void;
  describe(portal: unknown): void;
  execute(config: unknown): void;
  close(statement: unknown): void;
  sync(): void;
}

const unsyncedWires = new WeakMap<Wire, Wire>();

/** The same wire for queries of which none is the last. */
function unsynced(wire: Wire): Wire {
  let same = unsyncedWires.get(wire);
  if (!same) {
    const { stream, parsedStatements, submittedNamedStatements } = wire;
    same = {
      stream,
      parsedStatements,
      submittedNamedStatements,
      parse: (query) => wire.parse(query),
      bind: (config) => wire.bind(config),
      describe: (portal) => wire.describe(portal),
      execute: (config) => wire.execute(config),
      close: (statement) => wire.close(statement),
      sync: () => undefined,
    };
    unsyncedWires.set(wire, same);
  }
  return same;
}

type Noted = (error: Error | null, result: pg.QueryResult) => void;

/** One statement as a query of pg's. Not by a config, which pg copies property by property. */
function partOf({ name, text, values = [] }: Statement, noted: Noted): Part {
  const part = new pg.Query(text, values as never, noted as never) as unknown as Part;
  part.name = name;
  // Never the simple protocol, whose every statement is synced.
  part.queryMode = 'extended';
  return part;
}

/** A query of pg's that is several: each is told of its own answers, and only the last is followed by a sync. */
class Batch extends pg.Query {
  readonly #parts: Part[];
  readonly #results: pg.QueryResult[] = [];
  readonly #settled: Settled;
  #at = -1;
  #fault: Error | null = null;
  // The client asks the query under way for these, to remember what the connection has prepared.
  declare name: string | undefined;
  declare text: string;

  constructor(statements: Statement[], settled: Settled) {
    // The client wants a callback, or it would wait for events.
    super('', [] as never, settled as never);
    this.#settled = settled;
    const noted: Noted = (error, result) => {
      this.#fault ??= error;
      this.#results.push(result);
    };
    this.#parts = statements.map((statement) => partOf(statement, noted));
    this.#next();
  }

  #next(): void {
    this.#at += 1;
    this.name = this.#parts[this.#at]?.name;
    this.text = this.#parts[this.#at]?.text ?? '';
  }

  override submit = (connection: pg.Connection): Error | null => {
    const wire = connection as unknown as Wire;
    const shared = unsynced(wire);
    wire.stream.cork();
    for (const part of this.#parts) {
      this.#fault ??= part.submit(shared);
      // What cannot be sent ends it as what fails does: above all no commit may follow.
      if (this.#fault) break;
    }
    wire.sync();
    wire.stream.uncork();
    return null;
  };

  handleRowDescription(message: unknown): void {
    this.#parts[this.#at]?.handleRowDescription(message);
  }

  handleDataRow(message: unknown): void {
    this.#parts[this.#at]?.handleDataRow(message);
  }

  handleCommandComplete(message: unknown, wire: Wire): void {
    const part = this.#parts[this.#at];
    part?.handleCommandComplete(message, wire);
    part?.handleReadyForQuery(wire);
    this.#next();
  }

  handleError(error: Error, wire: Wire): void {
    // What was to be prepared after the failure was not.
    for (const { name } of this.#parts.slice(this.#at)) {
      if (name) delete wire.submittedNamedStatements[name];
    }
    this.#settled(error, []);
  }

  handleReadyForQuery(): void {
    this.#settled(this.#fault, this.#results);
  }
}
