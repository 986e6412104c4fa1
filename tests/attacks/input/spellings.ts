import { Buffer } from "node:buffer";

/** How servers, proxies and mail servers write what they were sent back into their answers. */
export const SPELLINGS: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => secret,
  "JSON": (secret) => JSON.stringify(secret),
  "JSON of PHP": (secret) => ascii(JSON.stringify(secret)).replaceAll("/", "\\/"),
  "URL": (secret) => encodeURIComponent(secret),
  "URL in lower case": (secret) =>
    encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
  "URL in a URL": (secret) => encodeURIComponent(encodeURIComponent(secret)),
  "form": (secret) => new URLSearchParams({ key: secret }).toString(),
  "HTML": (secret) =>
    secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;").replaceAll("'", "&#39;"),
  "base64": (secret) => Buffer.from(secret).toString("base64"),
  "base64url": (secret) => Buffer.from(secret).toString("base64url"),
  "base64 of a login": (secret) => Buffer.from(`me:${secret}`).toString("base64"),
  "base64 of AUTH PLAIN": (secret) => Buffer.from(`\0me\0${secret}`).toString("base64"),
  "base64 in a URL": (secret) => encodeURIComponent(Buffer.from(secret).toString("base64")),
  "a header": (secret) => `Authorization: Bearer ${secret}\r\n`,
};

function ascii(text: string): string {
  return text.replace(
    /[^\0-\x7f]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Each of the secrets in each spelling. */
export function spellAll(secrets: readonly string[]): string {
  const lines = Object.entries(SPELLINGS).map(([name, spell]) =>
    `${name}: ${secrets.map(spell).join(" and ")}`
  );
  return lines.join(", ");
}
