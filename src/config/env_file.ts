/**
 * Env files, read as python-dotenv 0.21 reads them, so that the file of the Python script keeps
 * its meaning (tests/unit/config/env-cases.json holds what python-dotenv answers). Its quirks are kept:
 * a `#` needs white space before it, `${NAME}` counts in single quotes too and can't be escaped.
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

interface Statement {
  readonly line: number;
  readonly name: string;
  readonly value: string | null;
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
 * `NAME="value"` such that both this parser and python-dotenv read exactly `value` back. There is
 * no escape for `${`, nor for a backslash before the closing quote; the default of a variable
 * without a name says both. Lone surrogates and NUL can't stand in a file.
 */
export function formatEnvLine(name: string, value: string): string {
  if (/^[\w./:@%+,=~-]*$/.test(value)) return `${name}=${value}`;
  const endsInBackslash = value.endsWith("\\");
  const body = (endsInBackslash ? value.slice(0, -1) : value)
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("${", () => "${:-$}{");
  return `${name}="${body}${endsInBackslash ? "${:-\\}" : ""}"`;
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

function readStatements(text: string): { statements: Statement[]; unparsedLines: number[] } {
  const scanner = new Scanner(text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n"));
  const statements: Statement[] = [];
  const unparsedLines: number[] = [];
  for (;;) {
    scanner.skipSpace({ overLines: true });
    if (scanner.atEnd()) return { statements, unparsedLines };
    const line = scanner.line();
    if (scanner.atComment()) {
      scanner.skipLine();
      continue;
    }
    const binding = readBinding(scanner);
    if (binding === undefined) {
      unparsedLines.push(line);
      scanner.skipLine();
    } else {
      statements.push({ line, ...binding });
    }
  }
}

/** Undefined when it is not a binding; the scanner then stands where the rest is to be skipped. */
function readBinding(scanner: Scanner): { name: string; value: string | null } | undefined {
  scanner.skipExport();
  const name = scanner.name();
  if (name === undefined) return undefined;
  scanner.skipSpace();
  let value: string | null | undefined = null;
  if (scanner.skipEqualsSign()) {
    scanner.skipSpace();
    value = scanner.value();
    if (value === undefined) return undefined;
  }
  scanner.skipSpace();
  if (scanner.atComment()) scanner.skipLine();
  return scanner.atEnd() || scanner.atNewline() ? { name, value } : undefined;
}

/** Python's idea of white space (JavaScript's differs in U+001C–1F, U+0085 and U+FEFF). */
const PYTHON_SPACE = new Set(
  "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008" +
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
);

const ESCAPES = new Map(
  Object.entries({ a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" }),
);

class Scanner {
  #position = 0;
  #line = 1;
  #lineCountedTo = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  line(): number {
    for (; this.#lineCountedTo < this.#position; this.#lineCountedTo++) {
      if (this.#text[this.#lineCountedTo] === "\n") this.#line++;
    }
    return this.#line;
  }

  atEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  atNewline(): boolean {
    return this.#text[this.#position] === "\n";
  }

  atComment(): boolean {
    return this.#text[this.#position] === "#";
  }

  skipSpace({ overLines = false } = {}): void {
    while (isSpace(this.#text[this.#position]) && (overLines || !this.atNewline())) {
      this.#position++;
    }
  }

  skipLine(): void {
    while (!this.atEnd() && !this.atNewline()) this.#position++;
  }

  skipExport(): void {
    const after = this.#text[this.#position + 6];
    if (!this.#text.startsWith("export", this.#position) || after === "\n" || !isSpace(after)) {
      return;
    }
    this.#position += 6;
    this.skipSpace();
  }

  skipEqualsSign(): boolean {
    if (this.#text[this.#position] !== "=") return false;
    this.#position++;
    return true;
  }

  name(): string | undefined {
    const start = this.#position;
    if (this.#text[start] === "'") {
      const end = this.#text.indexOf("'", start + 1);
      if (end <= start + 1) return undefined;
      this.#position = end + 1;
      return this.#text.slice(start + 1, end);
    }
    let end = start;
    for (let char = this.#text[end]; char !== undefined; char = this.#text[++end]) {
      if (char === "=" || char === "#" || isSpace(char)) break;
    }
    this.#position = end;
    return end > start ? this.#text.slice(start, end) : undefined;
  }

  value(): string | undefined {
    const first = this.#text[this.#position];
    if (first === "'" || first === '"') return this.#quoted(first);
    const start = this.#position;
    this.skipLine();
    return withoutComment(this.#text.slice(start, this.#position));
  }

  /** Ends at the first quote without a backslash before it, else at the last quote of all. */
  #quoted(quote: "'" | '"'): string | undefined {
    const start = this.#position + 1;
    let end = -1;
    for (let at = start; (at = this.#text.indexOf(quote, at)) >= 0; at++) {
      end = at;
      if (at === start || this.#text[at - 1] !== "\\") break;
    }
    if (end < 0) return undefined;
    this.#position = end + 1;
    const body = this.#text.slice(start, end);
    const escape = quote === "'" ? /\\([\\'])/g : /\\([\\'"abfnrtv])/g;
    return body.replace(escape, (_whole, char: string) => ESCAPES.get(char) ?? char);
  }
}

function isSpace(char: string | undefined): boolean {
  return char !== undefined && PYTHON_SPACE.has(char);
}

function withoutComment(line: string): string {
  let end = 0;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === "#" && isSpace(line[at - 1])) break;
    if (!isSpace(line[at])) end = at + 1;
  }
  return line.slice(0, end);
}
