/** A JSON Schema, as far as it is put into words. */
export interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  description?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  $ref?: string;
}

/** A field of an object, or of what stands in it. */
interface Field {
  /** `items[].title`: where it stands. */
  name: string;
  required: boolean;
  type: string;
  description: string;
}

/** Levels of what stands in what that are told field by field. */
const DEEP = 3;

/** The fields of an object and of what stands in it, each where it stands. */
export function fieldsOf(schema: Schema, named: Readonly<Record<string, Schema>>, prefix = '', depth = 0): Field[] {
  const { properties = {}, required = [] } = resolved(schema, named);
  return Object.entries(properties).flatMap(([name, one]) => {
    const at = `${prefix}${name}`;
    const own = { name: at, required: required.includes(name), type: typeOf(one), description: one.description ?? '' };
    const inside = insideOf(one);
    if (!inside || depth >= DEEP) return [own];
    return [own, ...fieldsOf(inside.schema, named, `${at}${inside.each}.`, depth + 1)];
  });
}

function resolved(schema: Schema, named: Readonly<Record<string, Schema>>): Schema {
  return schema.$ref ? (named[schema.$ref.split('/').at(-1) ?? ''] ?? {}) : schema;
}

/** The object in an object or a list, also where it may be null. */
function insideOf(schema: Schema): { schema: Schema; each: string } | null {
  const kinds = schema.anyOf ?? schema.oneOf ?? [schema];
  const [only, ...more] = kinds.filter(({ type }) => type !== 'null');
  if (!only || more.length) return null;
  if (only.items?.properties) return { schema: only.items, each: '[]' };
  return only.properties ? { schema: only, each: '' } : null;
}

/** What a value is, in a few words. */
export function typeOf(schema: Schema): string {
  const { type, anyOf, oneOf, format, items, minLength, maxLength } = schema;
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  if ('const' in schema) return JSON.stringify(schema.const);
  const several = anyOf ?? oneOf;
  if (several) return [...new Set(several.map(typeOf))].join(' | ');
  if (Array.isArray(type)) return type.map((one) => typeOf({ ...schema, type: one })).join(' | ');
  if (type === 'array') return `list of ${items ? typeOf(items) : 'anything'}`;
  if (type === 'string' && format) return `string (${format})`;
  if (type === 'string') {
    const length = [minLength && `at least ${minLength}`, maxLength && `at most ${maxLength} characters`].filter(
      Boolean,
    );
    return length.length ? `string, ${length.join(', ')}` : 'string';
  }
  return type ?? 'anything';
}
