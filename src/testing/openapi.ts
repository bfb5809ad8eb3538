import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** What is wrong with a body; null when it is as described. */
type BodyFaults = (method: string, path: string, body: unknown) => unknown;

/** Checks bodies against what an OpenAPI 3.1 description says of their routes; what it does not name is a fault. */
export function bodyFaults(path: string): BodyFaults {
  const described = JSON.parse(readFileSync(path, 'utf8')) as {
    paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: object }> } }>>;
    components: object;
  };
  const closed = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map(closed);
    const inside = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, closed(value)]));
    return 'properties' in part && !('additionalProperties' in part)
      ? { ...inside, additionalProperties: false }
      : inside;
  };
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'described', components: closed(described.components) });
  const routes = Object.keys(described.paths).map((route) => ({
    route,
    pattern: new RegExp(`^${route.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
  }));
  const compiled = new Map<string, ReturnType<typeof ajv.compile>>();
  return (method, at, body) => {
    // The most literal route is meant: @original is not any message.
    const [found] = routes
      .filter(({ pattern }) => pattern.test(at))
      .sort((a, b) => a.route.split('{').length - b.route.split('{').length);
    const schema =
      found && described.paths[found.route]?.[method.toLowerCase()]?.requestBody?.content['application/json']?.schema;
    if (!schema) return { at, method, is: 'not described' };
    const key = `${method} ${found.route}`;
    const validate =
      compiled.get(key) ??
      ajv.compile(JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/components', '"described#/components')));
    compiled.set(key, validate);
    return validate(body) ? null : { at, body, errors: validate.errors?.slice(0, 5) };
  };
}
