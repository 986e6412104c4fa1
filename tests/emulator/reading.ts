import { type Issue, validationError } from "./errors.ts";
import { type Reader, wrongType } from "./fields.ts";
import type { Generation } from "./generation.ts";

/** Reads the fields of a body or a query, collects what is wrong, and answers 400 with all of it. */
export class FieldReading {
  readonly #source: Record<string, unknown>;
  readonly #issues: Issue[] = [];

  constructor(source: Record<string, unknown>) {
    this.#source = source;
  }

  /** A field that may be missing. */
  optional<T>(name: string, reader: Reader<T>): T | undefined {
    return this.#source[name] === undefined ? undefined : this.#read(name, reader);
  }

  /** A field that must be there; the given value stands in until `done` throws. */
  required<T>(name: string, reader: Reader<T>, standIn: T): T {
    return this.#read(name, reader) ?? standIn;
  }

  complain(issue: Issue): void {
    this.#issues.push(issue);
  }

  /** @throws ApiError if anything was wrong */
  done(): void {
    if (this.#issues.length > 0) throw validationError(this.#issues);
  }

  #read<T>(name: string, reader: Reader<T>): T | undefined {
    const read = reader(this.#source[name], [name]);
    if ("value" in read) return read.value;
    this.#issues.push(read.issue);
    return undefined;
  }
}

/**
 * The body as an object. Without a JSON content type there is no body: 2.x then goes on with no
 * parameters at all, 3.x answers 400. The same goes for arrays.
 */
export function bodyFields(body: unknown, generation: Generation): Record<string, unknown> {
  if (isRecord(body)) return body;
  if (generation === "2.x") return {};
  const wrong = wrongType("object", body, [], []);
  throw validationError("issue" in wrong ? [wrong.issue] : []);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
