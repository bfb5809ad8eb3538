import ts from 'typescript';

/** Where a table is named. */
export interface Named {
  table: string;
  line: number;
  writes: boolean;
}

const MODEL = /((?:^\/\/\/.*\n)*)^model (\w+) \{\n([\s\S]*?)^\}/gm;

/** Table → the folder below src/ that owns it, as the schema says. */
export function ownersOf(schema: string): { owners: Map<string, string>; faults: string[] } {
  const owners = new Map<string, string>();
  const faults: string[] = [];
  for (const [, comments = '', model = '', body = ''] of schema.matchAll(MODEL)) {
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? model;
    const owner = /^\/\/\/ Owned by ([\w/-]+)\.$/m.exec(comments)?.[1];
    if (owner) owners.set(table, owner);
    else
      faults.push(`prisma/schema.prisma: the model ${model} has no owner: write "/// Owned by core/<area>." above it`);
  }
  return { owners, faults };
}

const NAMED = /\b(from|join|into|update|using)\s+(?:only\s+)?"?(\w+)"?/g;
const WRITING = new Set(['into', 'update']);

/** The tables that a file's statements name, and those that it reads through Prisma. */
export function namesIn(text: string, tables: ReadonlyMap<string, unknown>): Named[] {
  const file = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true);
  const models = new Map([...tables.keys()].map((table) => [camel(table), table]));
  const found: Named[] = [];
  const add = (node: ts.Node, table: string, writes: boolean) =>
    found.push({ table, line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, writes });
  const visit = (node: ts.Node): void => {
    if (isWords(node) && /\b(select|insert into|update|delete from)\b/.test(node.getText()))
      for (const [, word = '', table = ''] of node.getText().matchAll(NAMED))
        if (tables.has(table))
          add(node, table, WRITING.has(word) || new RegExp(`delete\\s+from\\s+${table}\\b`).test(node.getText()));
    if (ts.isPropertyAccessExpression(node) && /(^|\.)prisma$/.test(node.expression.getText())) {
      const table = models.get(node.name.text);
      if (table) add(node, table, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** True for the file that is named, and for each file of the folder that is. */
export function isIn(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

function isWords(node: ts.Node): boolean {
  return ts.isNoSubstitutionTemplateLiteral(node) || ts.isStringLiteral(node) || ts.isTemplateExpression(node);
}

function camel(table: string): string {
  return table.replace(/_(\w)/g, (_whole, letter: string) => letter.toUpperCase());
}
