import type { Issue } from "./errors.ts";
import { isUuid } from "./ids.ts";
import { isZonedTime, type Micros, parseMicros } from "./time.ts";

/** A field was read, or this is what is wrong with it. */
export type Read<T> = { value: T } | { issue: Issue };

/** Reads one field of a body or a query. `path` is where it stands, for the error. */
export type Reader<T> = (value: unknown, path: Path) => Read<T>;

/** Where a value stands in the request, as in `["filter", "or", 0]`. */
export type Path = (string | number)[];

const UUID_PATTERN =
  "/^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12})$/";

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** zod's "Invalid input: expected object, received array", with the sentences 2.x has for it. */
export function wrongType(
  expected: string,
  value: unknown,
  path: Path,
  messages: string[],
): { issue: Issue } {
  const message = `Invalid input: expected ${expected}, received ${typeName(value)}`;
  return { issue: { messages, zod: { expected, code: "invalid_type", path, message } } };
}

export function string(value: unknown, path: Path): Read<string> {
  if (typeof value === "string") return { value };
  return wrongType("string", value, path, [`${path.join(".")} must be a string`]);
}

export function uuid(value: unknown, path: Path): Read<string> {
  if (isUuid(value)) return { value };
  const name = path.join(".");
  const missing = [`${name} should not be empty`, `${name} must be a string`];
  const messages = [`${name} must be a UUID`, ...value === undefined ? missing : []];
  if (typeof value !== "string") return wrongType("string", value, path, messages);
  return { issue: { messages, zod: uuidZod(path) } };
}

export function uuids(value: unknown, path: Path): Read<string[]> {
  const name = path.join(".");
  const each = `each value in ${name} must be a UUID`;
  if (!Array.isArray(value)) {
    const empty = value === undefined ? [`${name} should not be empty`] : [];
    return wrongType("array", value, path, [each, ...empty, `${name} must be an array`]);
  }
  const wrong = value.findIndex((item) => !isUuid(item));
  if (wrong < 0) return { value };
  return { issue: { messages: [each], zod: uuidZod([...path, wrong]) } };
}

function uuidZod(path: Path): Record<string, unknown> {
  return {
    origin: "string",
    code: "invalid_format",
    format: "uuid",
    pattern: UUID_PATTERN,
    path,
    message: "Invalid UUID",
  };
}

export function boolean(value: unknown, path: Path): Read<boolean> {
  if (typeof value === "boolean") return { value };
  return wrongType("boolean", value, path, [`${path.join(".")} must be a boolean value`]);
}

/** A boolean of a query, where it comes as text. */
export function queryBoolean(value: unknown, path: Path): Read<boolean> {
  if (value === "true" || value === "false") return { value: value === "true" };
  const name = path.join(".");
  return {
    issue: {
      messages: [`${name} must be a boolean value`],
      zod: {
        code: "invalid_value",
        expected: "stringbool",
        values: ["true", "false"],
        path,
        message: 'Invalid option: expected one of "true"|"false"',
      },
    },
  };
}

export function time(value: unknown, path: Path): Read<Micros> {
  if (isZonedTime(value)) return { value: parseMicros(value) };
  const messages = [`${path.join(".")} must be a Date instance`];
  if (typeof value !== "string") return wrongType("string", value, path, messages);
  return {
    issue: {
      messages,
      zod: {
        origin: "string",
        code: "invalid_format",
        format: "datetime",
        path,
        message: "Invalid ISO datetime",
      },
    },
  };
}

export function oneOf<T extends string>(...values: T[]): Reader<T> {
  return (value, path) => {
    const found = values.find((allowed) => allowed === value);
    if (found !== undefined) return { value: found };
    const quoted = values.map((allowed) => `"${allowed}"`).join("|");
    return {
      issue: {
        messages: [
          `${path.join(".")} must be one of the following values: ${values.join(", ")}`,
        ],
        zod: {
          code: "invalid_value",
          values,
          path,
          message: `Invalid option: expected one of ${quoted}`,
        },
      },
    };
  };
}

/** A whole number. 2.x takes "2" for 2 (`coerce`), 3.x does not, except in a query. */
export function integer(min: number, max: number | null, coerce: boolean): Reader<number> {
  return (given, path) => {
    const value = coerce && typeof given === "string" && given !== "" ? Number(given) : given;
    const name = path.join(".");
    const small = `${name} must not be less than ${min}`;
    const big = `${name} must not be greater than ${max}`;
    if (typeof value !== "number" || !Number.isInteger(value)) {
      const messages = [...(max === null ? [] : [big]), small, `${name} must be an integer number`];
      return wrongType("number", given, path, messages);
    }
    const origin = "number";
    if (value < min) {
      const message = `Too small: expected number to be >=${min}`;
      const zod = { origin, code: "too_small", minimum: min, inclusive: true, path, message };
      return { issue: { messages: [small], zod } };
    }
    if (max !== null && value > max) {
      const message = `Too big: expected number to be <=${max}`;
      const zod = { origin, code: "too_big", maximum: max, inclusive: true, path, message };
      return { issue: { messages: [big], zod } };
    }
    return { value };
  };
}

/** Reads an array that must not be empty, as the lists inside a 3.2 filter. */
export function nonEmpty<T>(item: Reader<T>): Reader<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) return wrongType("array", value, path, []);
    if (value.length === 0) {
      const message = "Too small: expected array to have >=1 items";
      const zod = {
        origin: "array",
        code: "too_small",
        minimum: 1,
        inclusive: true,
        path,
        message,
      };
      return { issue: { messages: [], zod } };
    }
    const items: T[] = [];
    for (const [index, entry] of value.entries()) {
      const read = item(entry, [...path, index]);
      if ("issue" in read) return read;
      items.push(read.value);
    }
    return { value: items };
  };
}
