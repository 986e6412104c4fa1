import type { Parser } from "./values.ts";

/** One environment variable. */
export interface Variable<T> {
  readonly name: string;
  /** One line for `.env.example`. */
  readonly help: string;
  readonly parse: Parser<T>;
  /** What it means when it is not set. */
  readonly fallback: (cwd: string) => T;
  /** The default as a user would write it; undefined if there is none. */
  readonly defaultText: string | undefined;
  /** For `.env.example`, where there is no default. */
  readonly example: string;
  readonly required: boolean;
  /** Never shown. */
  readonly secret: boolean;
  /** `NAME_FILE` may hold the path of a file with the value. */
  readonly orFromFile: boolean;
  /** The parts of a value that must never be shown, right or wrong as the value may be. */
  readonly secretsIn: (text: string, baseDir: string) => readonly string[];
}

/** What a group of variables has to say. */
export type Values<Group> = {
  readonly [Name in keyof Group]: Group[Name] extends Variable<infer Value> ? Value : never;
};

type Extras = Partial<
  Pick<Variable<unknown>, "example" | "required" | "secret" | "orFromFile" | "secretsIn">
>;

export function optional<T>(
  name: string,
  parse: Parser<T>,
  help: string,
  extras: Extras = {},
): Variable<T | undefined> {
  const { secret = false } = extras;
  return {
    ...{ name, parse, help, secret, example: "", required: false, orFromFile: false },
    ...{ fallback: () => undefined, defaultText: undefined },
    // Somebody may paste the text of a key where the path of its file belongs.
    secretsIn: (text) => secret || text.includes("-----BEGIN") ? [text, text.trim()] : [],
    ...extras,
  };
}

/** The default goes through the same parser as a user's value. */
export function withDefault<T>(
  name: string,
  defaultText: string,
  parse: Parser<T>,
  help: string,
): Variable<T> {
  const fallback = (cwd: string): T => {
    const parsed = parse(defaultText, cwd);
    if (parsed.ok) return parsed.value;
    throw new TypeError(`The default of ${name} must ${parsed.must}: found "${defaultText}"`);
  };
  return { ...optional(name, parse, help), parse, defaultText, fallback };
}
