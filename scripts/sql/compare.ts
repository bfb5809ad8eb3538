import ts from 'typescript';
import type { Column } from './describe.ts';

/** What kernel/db.ts makes of PostgreSQL's types. Of json only a reader knows what is in it. */
const TYPES = new Map(
  Object.entries({
    string: ['uuid', 'text', 'varchar', 'name', 'numeric', 'date'],
    boolean: ['bool'],
    number: ['int2', 'int4', 'int8', 'float4', 'float8'],
    Date: ['timestamptz', 'timestamp'],
    Buffer: ['bytea'],
  }).flatMap(([typeScript, types]) => types.map((type) => [type, typeScript] as const)),
);
const ANYTHING = ['json', 'jsonb', '_json', '_jsonb', 'unknown'];

/** Where the row type that the code declares is not what comes back. */
export function compare(checker: ts.TypeChecker, row: ts.Type, columns: Column[]): string[] {
  const returned = new Map(columns.map((column) => [column.name, column]));
  return checker.getPropertiesOfType(row).flatMap((property) => {
    const column = returned.get(property.name);
    if (!column) return [`a row has no column ${property.name}: it has ${[...returned.keys()].join(', ') || 'none'}`];
    const type = checker.getTypeOfSymbol(property);
    const wanted = typeScriptOf(column.type);
    if (type.flags & ts.TypeFlags.Unknown) return [];
    if (type.flags & ts.TypeFlags.Any) return [`${property.name} is declared as any: say ${wanted}`];
    const faults: string[] = [];
    if (!fits(checker, checker.getNonNullableType(type), column.type))
      faults.push(
        `${property.name} is declared as ${checker.typeToString(type)}, and ${column.type} comes as ${wanted}`,
      );
    if (column.nullable && !admitsNull(type)) faults.push(`${property.name} may be null: say ${wanted} | null`);
    return faults;
  });
}

/** Columns of one name: only the last of them is read. */
export function twins(columns: Column[]): string[] {
  const names = columns.map(({ name }) => name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) < index))].map(
    (name) => `two columns are called ${name}`,
  );
}

function typeScriptOf(type: string): string {
  if (ANYTHING.includes(type)) return 'whatever was stored';
  if (type.startsWith('_')) return `${typeScriptOf(type.slice(1))}[]`;
  return TYPES.get(type) ?? 'string';
}

/** Narrower is fine: which of the texts a column holds, its check says. */
function fits(checker: ts.TypeChecker, declared: ts.Type, type: string): boolean {
  if (ANYTHING.includes(type)) return true;
  if (type.startsWith('_')) {
    const element = checker.getIndexTypeOfType(declared, ts.IndexKind.Number);
    return checker.isArrayType(declared) && element !== undefined && fits(checker, element, type.slice(1));
  }
  const parts = declared.isUnion() ? declared.types : [declared];
  return parts.every((part) => isA(part, TYPES.get(type) ?? 'string'));
}

function isA(type: ts.Type, name: string): boolean {
  if (type.isIntersection()) return type.types.some((part) => isA(part, name));
  switch (name) {
    case 'string':
      return (type.flags & ts.TypeFlags.StringLike) !== 0;
    case 'number':
      return (type.flags & ts.TypeFlags.NumberLike) !== 0;
    case 'boolean':
      return (type.flags & ts.TypeFlags.BooleanLike) !== 0;
    default:
      return type.symbol?.name === name;
  }
}

function admitsNull(type: ts.Type): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => (part.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)) !== 0);
}
