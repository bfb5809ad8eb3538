import ts from 'typescript';

/** A statement as it stands in the code. */
export interface Found {
  node: ts.Node;
  text: string;
  /** The row type that the code declares; null where it declares none. */
  row: ts.Type | null;
  /** Whose rows are read: sql`…`. */
  tagged: boolean;
}

/** The statements of a file; `dynamic` are those whose text is put together only when they run. */
export function statementsOf(file: ts.SourceFile, checker: ts.TypeChecker): { found: Found[]; dynamic: ts.Node[] } {
  const found: Found[] = [];
  const dynamic: ts.Node[] = [];
  const take = (node: ts.Node, text: string | null, rows: ts.NodeArray<ts.TypeNode> | undefined) => {
    if (text === null) dynamic.push(node);
    else {
      const row = rows?.[0] ? checker.getTypeFromTypeNode(rows[0]) : null;
      found.push({ node, text, row, tagged: ts.isTaggedTemplateExpression(node) });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node) && isSqlTag(node.tag))
      take(node, textOfTemplate(node.template, checker), node.typeArguments);
    else if (ts.isCallExpression(node) && isQuery(node) && node.arguments[0]) {
      const [first] = node.arguments;
      if (!ts.isObjectLiteralExpression(first) && isText(first, checker))
        take(node, textOf(first, checker), node.typeArguments);
    } else if (ts.isObjectLiteralExpression(node)) {
      const text = statementIn(node);
      // As an argument, like in ask<Row>(database, { … }), it returns what is said there.
      const call = ts.isCallExpression(node.parent) ? node.parent.typeArguments : undefined;
      if (text) take(node, textOf(text, checker), call);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { found, dynamic };
}

/** The tag, or the same as a property; `page` is what a list's page is read with. */
function isSqlTag(tag: ts.Expression): boolean {
  if (ts.isIdentifier(tag)) return tag.text === 'sql' || tag.text === 'page';
  return ts.isPropertyAccessExpression(tag) && tag.name.text === 'sql';
}

/** As kernel/db.ts does it: each value becomes a parameter. The parts that a list's page may have are all there. */
function textOfTemplate(template: ts.TemplateLiteral, checker: ts.TypeChecker, before = { values: 0 }): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  return template.templateSpans.reduce((text, { expression, literal }) => {
    const part = partOf(expression, checker);
    if (part) return `${text}${textOfTemplate(part, checker, before)}${literal.text}`;
    before.values += 1;
    return `${text}$${before.values}${literal.text}`;
  }, template.head.text);
}

/** What stands in when(…)`…` of kernel/list-page.ts, in a constant that is one, or in a function that returns one; null for a value. */
function partOf(node: ts.Expression, checker: ts.TypeChecker): ts.TemplateLiteral | null {
  if (ts.isIdentifier(node)) {
    const constant = constantOf(node, checker);
    return constant && partOf(constant, checker);
  }
  if (ts.isCallExpression(node)) {
    const returned = returnedBy(node, checker);
    return returned && partOf(returned, checker);
  }
  if (!ts.isTaggedTemplateExpression(node) || !ts.isCallExpression(node.tag)) return null;
  const { expression: tag } = node.tag;
  return ts.isIdentifier(tag) && tag.text === 'when' ? node.template : null;
}

/** client.query('…') */
function isQuery({ expression }: ts.CallExpression): boolean {
  return ts.isPropertyAccessExpression(expression) && expression.name.text === 'query';
}

function isText(node: ts.Expression, checker: ts.TypeChecker): boolean {
  return (checker.getTypeAtLocation(node).flags & ts.TypeFlags.StringLike) !== 0;
}

/** { text: '…', values }, as pg takes it. */
function statementIn(node: ts.ObjectLiteralExpression): ts.Expression | null {
  const named = (name: string) =>
    node.properties.find((property) => property.name && ts.isIdentifier(property.name) && property.name.text === name);
  const text = named('text');
  if (!text || !ts.isPropertyAssignment(text) || !(named('values') || named('name'))) return null;
  return text.initializer;
}

/** A text that is known before the program runs: literals, and constants in their places; null for any other. */
function textOf(node: ts.Expression, checker: ts.TypeChecker): string | null {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    const parts = node.templateSpans.map((span) => {
      const value = textOf(span.expression, checker);
      return value === null ? null : value + span.literal.text;
    });
    return parts.includes(null) ? null : node.head.text + parts.join('');
  }
  const constant = ts.isIdentifier(node) ? constantOf(node, checker) : null;
  return constant && textOf(constant, checker);
}

/** What a constant was made of; null for what is given only when the program runs. */
function constantOf(node: ts.Identifier, checker: ts.TypeChecker): ts.Expression | null {
  const declaration = checker.getSymbolAtLocation(node)?.valueDeclaration;
  if (!declaration || !ts.isVariableDeclaration(declaration) || !isConst(declaration)) return null;
  return declaration.initializer ?? null;
}

/** What a function returns that does nothing else; null for any other. */
function returnedBy({ expression }: ts.CallExpression, checker: ts.TypeChecker): ts.Expression | null {
  const declaration = ts.isIdentifier(expression)
    ? checker.getSymbolAtLocation(expression)?.valueDeclaration
    : undefined;
  if (!declaration || !ts.isFunctionDeclaration(declaration)) return null;
  const [only, ...more] = declaration.body?.statements ?? [];
  return only && !more.length && ts.isReturnStatement(only) ? (only.expression ?? null) : null;
}

function isConst(declaration: ts.VariableDeclaration): boolean {
  return (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
}
