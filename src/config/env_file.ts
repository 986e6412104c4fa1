/**
 * Env files, read as python-dotenv 0.21 reads them, so that the file of the Python script keeps
 * its meaning (tests/unit/config/env-cases.json holds what python-dotenv answers). Its quirks are kept:
 * a `#` needs white space before it, `${NAME}` counts in single quotes too and can't be escaped.
 * What is written here is read alike by both.
 */

export interface EnvFile {
  /** In the order of the file; null is a name without `=`. The last of several wins. */
  readonly values: ReadonlyMap<string, string | null>;
  /** The line, from 1, in which the statement of each name begins. */
  readonly lines: ReadonlyMap<string, number>;
  /** Line numbers, from 1, of statements that can't be understood and were left out. */
  readonly unparsedLines: readonly number[];
  /** Values with a `${…}` that nothing defines; it was taken as empty. */
  readonly unresolved: readonly { readonly name: string; readonly line: number }[];
}

/** `lookup` is the environment for `${NAME}`; it wins over the file, as in `load_dotenv()`. */
export function parseEnvFile(
  text: string,
  lookup: (name: string) => string | undefined = () => undefined,
): EnvFile {
  const { statements, unparsedLines } = readStatements(text);
  const values = new Map<string, string | null>();
  const lines = new Map<string, number>();
  const unresolved: { name: string; line: number }[] = [];
  for (const { name, value, line } of statements) {
    lines.set(name, line);
    if (value === null) {
      values.set(name, null);
      continue;
    }
    const expanded = interpolate(value, (reference) => {
      const outside = reference === "" ? undefined : lookup(reference);
      return outside ?? values.get(reference);
    });
    values.set(name, expanded.text);
    if (expanded.missing) unresolved.push({ name, line });
  }
  return { values, lines, unparsedLines, unresolved };
}

/**
 * The file with another value for `name`, and otherwise to the letter as it was: comments, order,
 * references and line ends. A new name goes to the end; `undefined` takes all its lines out.
 */
export function setInEnvFile(text: string, name: string, value: string | undefined): string {
  const statements = readStatements(text).statements.filter((each) => each.name === name);
  if (value === undefined) {
    return statements.reduceRight(
      (rest, { from, to }) => rest.slice(0, from) + rest.slice(to),
      text,
    );
  }
  const lineEnd = /\r\n|[\r\n]/.exec(text)?.[0] ?? "\n";
  const line = formatEnvLine(name, value) + lineEnd;
  const last = statements.at(-1);
  const equals = last?.value === null ? "=" : "";
  const edited = last === undefined
    ? text + (text === "" || /[\r\n]$/.test(text) ? "" : lineEnd) + line
    : text.slice(0, last.valueFrom) + equals + formatValue(value) + text.slice(last.valueTo);
  if (parseEnvFile(edited).values.get(name) === value) return edited;
  // A quote that is left open above would end in this value: it has to come first.
  return line + setInEnvFile(text, name, undefined);
}

/** `NAME="value"` such that both this parser and python-dotenv read exactly `value` back. */
export function formatEnvLine(name: string, value: string): string {
  return `${name}=${formatValue(value)}`;
}

/**
 * There is no escape for `${`, nor for a backslash before the closing quote; the default of a
 * variable without a name says both. Lone surrogates and NUL can't stand in a file.
 */
function formatValue(value: string): string {
  if (/^[\w./:@%+,=~-]*$/.test(value)) return value;
  const endsInBackslash = value.endsWith("\\");
  const body = (endsInBackslash ? value.slice(0, -1) : value)
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("${", () => "${:-$}{");
  return `"${body}${endsInBackslash ? "${:-\\}" : ""}"`;
}

function interpolate(
  value: string,
  resolve: (name: string) => string | null | undefined,
): { text: string; missing: boolean } {
  let missing = false;
  const text = value.replace(
    /\$\{([^}:]*)(?::-([^}]*))?\}/g,
    (_whole, name: string, fallback: string | undefined) => {
      const found = resolve(name);
      if (found === undefined && fallback === undefined) missing = true;
      return (found === undefined ? fallback : found) ?? "";
    },
  );
  return { text, missing };
}

interface Statement {
  readonly name: string;
  /** Null without `=`. */
  readonly value: string | null;
  /** From 1. */
  readonly line: number;
  /** Its lines in the text of the file, the last line's end included. */
  readonly from: number;
  readonly to: number;
  /** Its value in the text of the file, quotes included. */
  readonly valueFrom: number;
  readonly valueTo: number;
}

/** Python's idea of white space in a line (JavaScript's differs in U+001C–1F, U+0085, U+FEFF). */
const BLANK = String.raw`\t\v\f\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
const LINE_END = String.raw`(?:\r\n|\n|\r)`;

/** The rules of python-dotenv's own parser; each matches where the last one has ended. */
const RULES = {
  emptyLines: sticky(`(?:[${BLANK}]*${LINE_END})*`),
  blanks: sticky(`[${BLANK}]*`),
  export: sticky(`(?:export[${BLANK}]+)?`),
  quotedName: sticky(`'([^']+)'`),
  plainName: sticky(String.raw`([^=#\r\n${BLANK}]+)`),
  equals: sticky(`=[${BLANK}]*`),
  single: sticky(String.raw`'((?:\\'|[^'])*)'`),
  double: sticky(String.raw`"((?:\\"|[^"])*)"`),
  unquoted: sticky(String.raw`[^\r\n]*`),
  comment: sticky(String.raw`(?:[${BLANK}]*#[^\r\n]*)?`),
  end: sticky(`[${BLANK}]*(?:${LINE_END}|$)`),
  restOfLine: sticky(String.raw`[^\r\n]*${LINE_END}?`),
};

const COMMENT_IN_VALUE = new RegExp(`[${BLANK}]#`);
const TO_LAST_NON_BLANK = new RegExp(`^[^]*[^${BLANK}]`);

function sticky(source: string): RegExp {
  return new RegExp(source, "y");
}

const ESCAPES = new Map(
  Object.entries({ a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" }),
);

function readStatements(text: string): { statements: Statement[]; unparsedLines: number[] } {
  const statements: Statement[] = [];
  const unparsedLines: number[] = [];
  const reader = new Reader(text);
  for (;;) {
    reader.read(RULES.emptyLines);
    const [from, line] = [reader.position, reader.line()];
    reader.read(RULES.blanks);
    if (reader.position === text.length) return { statements, unparsedLines };
    const bound = reader.char === "#" ? "comment" : readBinding(reader);
    reader.read(RULES.comment);
    if (bound === undefined || reader.read(RULES.end) === undefined) {
      unparsedLines.push(line);
      reader.read(RULES.restOfLine);
    } else if (bound !== "comment") {
      statements.push({ ...bound, line, from, to: reader.position });
    }
  }
}

type Binding = Pick<Statement, "name" | "value" | "valueFrom" | "valueTo">;

/** Undefined when it is none; the reader then stands where the rest of the line is to be skipped. */
function readBinding(reader: Reader): Binding | undefined {
  reader.read(RULES.export);
  const written = reader.read(reader.char === "'" ? RULES.quotedName : RULES.plainName);
  if (written === undefined) return undefined;
  const name = withPlainLineEnds(written);
  const nameTo = reader.position;
  reader.read(RULES.blanks);
  if (reader.read(RULES.equals) === undefined) {
    return { name, value: null, valueFrom: nameTo, valueTo: nameTo };
  }
  const valueFrom = reader.position;
  const value = readValue(reader);
  return value === undefined ? undefined : { name, ...value, valueFrom };
}

function readValue(reader: Reader): Pick<Binding, "value" | "valueTo"> | undefined {
  const start = reader.position;
  const quote = reader.char;
  if (quote !== "'" && quote !== '"') {
    const [text = ""] = (reader.read(RULES.unquoted) ?? "").split(COMMENT_IN_VALUE, 1);
    const value = TO_LAST_NON_BLANK.exec(text)?.[0] ?? "";
    return { value, valueTo: start + value.length };
  }
  const quoted = reader.read(quote === "'" ? RULES.single : RULES.double);
  const escape = quote === "'" ? /\\([\\'])/g : /\\([\\'"abfnrtv])/g;
  if (quoted === undefined) return undefined;
  const value = withPlainLineEnds(quoted)
    .replace(escape, (_whole, char: string) => ESCAPES.get(char) ?? char);
  return { value, valueTo: reader.position };
}

/** As Python reads a text file. */
function withPlainLineEnds(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

class Reader {
  readonly #text: string;
  #position: number;
  #line = 1;
  #lineCountedTo = 0;

  constructor(text: string) {
    this.#text = text;
    this.#position = text.startsWith("\uFEFF") ? 1 : 0;
  }

  get position(): number {
    return this.#position;
  }

  get char(): string | undefined {
    return this.#text[this.#position];
  }

  /** What the rule's group, or else the rule, has matched here; undefined if it doesn't match. */
  read(rule: RegExp): string | undefined {
    rule.lastIndex = this.#position;
    const match = rule.exec(this.#text);
    if (match === null) return undefined;
    this.#position += match[0].length;
    return match[1] ?? match[0];
  }

  /** From 1. */
  line(): number {
    const passed = this.#text.slice(this.#lineCountedTo, this.#position);
    this.#line += passed.match(/\r\n|[\r\n]/g)?.length ?? 0;
    this.#lineCountedTo = this.#position;
    return this.#line;
  }
}
