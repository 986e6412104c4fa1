const MARK = "[secret]";
const encoder = new TextEncoder();

/**
 * Shorter secrets are left in texts: "a" or "42" would be found in every other word, the log would
 * be unreadable, and the marks would give the secret away.
 */
const SHORTEST = 4;

/**
 * Makes a function that replaces every secret in a text by `[secret]`: as it is, URL-encoded,
 * escaped for JSON or HTML, and as base64 (also base64url), wherever in the encoded data it stands. Of a
 * secret of several lines, such as a PEM key, also each line of base64 by itself. Redacting a text
 * twice changes nothing. Secrets under 4 characters are not looked for.
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const literals = new Set(secrets.flatMap(parts).filter((part) => part.length >= SHORTEST));
  if (literals.size === 0) return (text) => text;
  const forms = [...literals].flatMap((literal) => [
    { length: literal.length, pattern: spelled(literal) },
    ...base64Forms(literal),
  ]);
  // Longest first: where one secret begins with another, the whole of it has to go.
  forms.sort((a, b) => b.length - a.length);
  const patterns = [escapeRegExp(MARK), ...new Set(forms.map((form) => form.pattern))];
  const anySecret = new RegExp(patterns.join("|"), "g");
  return (text) => text.replace(anySecret, MARK);
}

/** Redacts the texts of a document rather than its JSON, which must stay JSON. */
export function redactStrings(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactStrings(item, redact));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, redactStrings(item, redact)]),
  );
}

/** The secret, and the parts of it that are secrets by themselves. */
function parts(secret: string): string[] {
  const trimmed = secret.trim();
  const credentials = /^(?:Basic|Bearer)\s+(\S+)$/i.exec(trimmed)?.[1];
  const lines = trimmed.split(/\r?\n/).map((line) => line.trim());
  // Not every line: "-----BEGIN PRIVATE KEY-----" is no secret, and errors quote it.
  const base64Lines = lines.length > 1 ? lines.filter((line) => /^[\w+/=]{8,}$/.test(line)) : [];
  return [secret, trimmed, credentials ?? "", ...base64Lines];
}

/** A pattern for the text as it is, URL-encoded or JSON-escaped, each character on its own. */
function spelled(text: string): string {
  return [...text].map((char) => /[A-Za-z0-9]/.test(char) ? char : anySpelling(char)).join("");
}

/** Patterns of what web pages write for the characters that mean something in HTML. */
const HTML_ENTITIES = new Map([
  ["&", "&(?:amp|#38|#x26);"],
  ["<", "&(?:lt|#60|#x3[cC]);"],
  [">", "&(?:gt|#62|#x3[eE]);"],
  ['"', "&(?:quot|#34|#x22);"],
  ["'", "&(?:apos|#0?39|#x27);"],
]);

function anySpelling(char: string): string {
  const forms = [
    // %25 is an encoded %: a URL within a URL is encoded twice, as login pages have it.
    [...encoder.encode(char)].map((byte) => `%(?:25)*${anyCase(hex(byte, 2))}`).join(""),
    utf16Units(char).map((unit) => `\\\\u${anyCase(hex(unit, 4))}`).join(""),
    escapeRegExp(JSON.stringify(char).slice(1, -1)),
    escapeRegExp(char),
  ];
  const entity = HTML_ENTITIES.get(char);
  if (entity !== undefined) forms.push(entity);
  if (char === "/") forms.push(String.raw`\\/`); // PHP escapes it in JSON
  if (char === " ") forms.push(String.raw`\+`); // in the query of a URL
  if (char === "\n") forms.push(String.raw`\r\n`, String.raw`\\r\\n`);
  return `(?:${[...new Set(forms)].join("|")})`;
}

/**
 * Base64 writes three bytes as four characters, so that a secret looks different after 0, 1 or 2
 * other bytes (3 is 0 again), as in `user:secret`. Of each, the characters that depend on nothing
 * but the secret; and the whole with its end, for the secret encoded alone.
 */
function base64Forms(secret: string): { length: number; pattern: string }[] {
  const bytes = encoder.encode(secret);
  const encoded = [0, 1, 2].map((before) => {
    const text = new Uint8Array([...new Uint8Array(before), ...bytes]).toBase64();
    const firstOwn = Math.ceil((before * 8) / 6);
    return text.slice(firstOwn, Math.floor(((before + bytes.length) * 8) / 6));
  });
  const alone = bytes.toBase64().replace(/=+$/, "");
  return [
    { length: alone.length + 1, pattern: `${base64Spelled(alone)}(?:=|%3[dD])*` },
    ...encoded.map((text) => ({ length: text.length, pattern: base64Spelled(text) })),
  ];
}

function base64Spelled(text: string): string {
  return spelled(text)
    .replaceAll(anySpelling("+"), `(?:-|${anySpelling("+")})`)
    .replaceAll(anySpelling("/"), `(?:_|${anySpelling("/")})`);
}

function utf16Units(char: string): number[] {
  return Array.from({ length: char.length }, (_, index) => char.charCodeAt(index));
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

function anyCase(digits: string): string {
  return digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
