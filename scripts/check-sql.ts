/**
 * Has PostgreSQL describe every statement in the code, on an embedded database of this version: a table, a column or a function
 * that is not there fails, and so does a row type that is declared as something else than what comes back. Nothing is run.
 *
 * Of a statement this reads sql`…`, page`…`, client.query('…') and { text: '…', values }, where the text is known before the program runs.
 * Exit code 0: all are as declared. 2: not.
 *
 * Usage: node scripts/check-sql.ts [--list] [files, instead of all that tsconfig.json includes]
 */
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { PGlite } from '@electric-sql/pglite';
import ts from 'typescript';
import { migrateEmbedded } from '../src/migrate.ts';
import { compare, twins } from './sql/compare.ts';
import { describe } from './sql/describe.ts';
import type { Found } from './sql/statements.ts';
import { statementsOf } from './sql/statements.ts';

// See src/core/kernel/db.ts.
setFlagsFromString('--no-wasm-code-gc');

const { values, positionals } = parseArgs({ allowPositionals: true, options: { list: { type: 'boolean' } } });
const root = dirname(import.meta.dirname);
const program = openProgram();
const checker = program.getTypeChecker();
const db = await PGlite.create();
await migrateEmbedded(db, ['the secret of a database that nobody will ever open'], () => undefined);

let checked = 0;
let declared = 0;
const undeclared: string[] = [];
const dynamic: string[] = [];
const faults: string[] = [];
for (const file of program.getSourceFiles()) {
  if (!isOurs(file)) continue;
  const statements = statementsOf(file, checker);
  dynamic.push(...statements.dynamic.map((node) => placeOf(node)));
  for (const found of statements.found)
    faults.push(...(await faultsOf(found)).map((fault) => `${placeOf(found.node)}: ${fault}`));
}
await db.close();

if (values.list) {
  for (const place of undeclared) console.log(`${place}: rows without a declared type`);
  for (const place of dynamic) console.log(`${place}: put together when it runs`);
}
for (const fault of faults) console.error(fault);
console.log(
  `check-sql: ${checked} statements, the rows of ${declared} as declared; ${undeclared.length} return rows without a declared type, ${dynamic.length} are put together when they run.`,
);
process.exitCode = faults.length ? 2 : 0;

async function faultsOf({ text, row, node, tagged }: Found): Promise<string[]> {
  checked += 1;
  try {
    const columns = await describe(db, text);
    if (row) declared += 1;
    else if (columns.length) undeclared.push(placeOf(node));
    return [...(row || tagged ? twins(columns) : []), ...(row ? compare(checker, row, columns) : [])];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function openProgram(): ts.Program {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return ts.createProgram(positionals.length ? positionals : fileNames, options);
}

function isOurs(file: ts.SourceFile): boolean {
  if (positionals.length) return positionals.includes(file.fileName);
  return !file.isDeclarationFile && !/\/(node_modules|generated)\//.test(file.fileName);
}

function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${relative(root, file.fileName)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}
