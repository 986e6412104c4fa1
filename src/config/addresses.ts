/** Parsers of addresses: the server's URL, extra headers, mail server and mail addresses. */

import * as v from "valibot";
import { invalid, type Parsed, valid } from "./values.ts";
import { hasControlCharacter } from "../text.ts";

/** Origin and path prefix, without `/api` and trailing slash. */
export function serverUrl(text: string): Parsed<string> {
  const raw = text.trim();
  const example = "be an address like https://photos.example.com or http://192.168.1.5:2283";
  if (/\s/.test(raw) || hasControlCharacter(raw)) return invalid("not contain white space");
  if (!/^https?:\/\//i.test(raw)) {
    return invalid("start with http:// or https://", undefined, guessOf(raw));
  }
  const authority = raw.replace(/^https?:\/\//i, "").split(/[/?#\\]/, 1)[0] ?? "";
  if (authority.includes("@")) {
    return invalid(
      "not contain a user name or password",
      "put them into IMMICH_HEADERS, as Authorization: Basic …",
    );
  }
  if (/[?#]/.test(raw)) return invalid("not contain a query (?) or a fragment (#)");
  if (raw.includes("\\") || authority === "" || authority.endsWith(":") || !URL.canParse(raw)) {
    return invalid(example);
  }
  const url = new URL(raw);
  if (url.port === "0" || !isHostName(url.hostname)) return invalid(example);
  // Else 192.168.1 would quietly be 192.168.0.1, and the key would go to another machine.
  if (isIPv4(url.hostname) && !authority.startsWith(url.hostname)) {
    return invalid("name an IP address by its four numbers");
  }
  return valid(
    url.origin + url.pathname.replace(/\/+$/, "").replace(/\/api$/, "").replace(/\/+$/, ""),
  );
}

/** The address that was probably meant by one without scheme, or in quotes; undefined if none. */
function guessOf(raw: string): string | undefined {
  const bare = raw.replace(/^["'“”„]+|["'“”„]+$/g, "");
  if (/^(?!https?:)[a-z][a-z0-9+.-]*:\/\//i.test(bare)) return undefined;
  const rest = bare.replace(/^(?:https?(?=[:\\/]))?[:\\/]*/i, "");
  // At home it is an address without a certificate.
  const scheme = isIPv4(rest.split(/[:/]/, 1)[0] ?? "") ? "http" : "https";
  const guess = /^https?:\/\//i.test(bare) ? bare : `${scheme}://${rest}`;
  return serverUrl(guess).ok ? guess : undefined;
}

/** What DNS can hold: parts of 1 to 63 characters, 253 in all. `URL` lets more than that pass. */
function isHostName(host: string): boolean {
  const parts = host.replace(/\.$/, "").split(".");
  return host.length <= 253 && parts.every((part) => part.length > 0 && part.length <= 63);
}

/** Parts of a server URL that are shown whenever it is: no secrets, even if a header repeats them. */
export function addressParts(text: string): string[] {
  const raw = text.trim();
  if (!URL.canParse(raw)) return [];
  const { protocol, hostname, host, origin } = new URL(raw);
  return [protocol.slice(0, -1), hostname, host, origin];
}

/** Parts of a server URL that must not be shown, though it is wrong to put them there. */
export function urlSecrets(text: string): string[] {
  const userInfo = /^(?:[^/?#]*\/\/)?([^/?#]*)@/.exec(text.trim())?.[1];
  // A token, perhaps; anything shorter is not worth hiding, and too common a text to hide it.
  const rest = text.split(/[?#]/).slice(1).filter((part) => part.length >= 8);
  const password = userInfo?.split(":").slice(1).join(":");
  return [userInfo ?? "", password ?? "", ...rest];
}

/** Sent by the HTTP client itself, or they would break its requests. */
const OWN_HEADERS = new Set([
  "x-api-key",
  "host",
  "content-type",
  "content-length",
  "transfer-encoding",
  "connection",
  "accept-encoding",
]);

export function headers(text: string): Parsed<ReadonlyArray<readonly [string, string]>> {
  return headersBut(OWN_HEADERS, text);
}

/** A webhook may well want a key of its own under that name. */
export function webhookHeaders(text: string): Parsed<ReadonlyArray<readonly [string, string]>> {
  return headersBut(new Set([...OWN_HEADERS].filter((name) => name !== "x-api-key")), text);
}

function headersBut(
  ownHeaders: ReadonlySet<string>,
  text: string,
): Parsed<ReadonlyArray<readonly [string, string]>> {
  const form = "be written as Name: value; Name: value";
  const result: [string, string][] = [];
  const seen = new Set<string>();
  for (const [index, piece] of text.split(";").entries()) {
    if (piece.trim() === "") continue;
    const entry = `entry ${index + 1}`;
    const colon = piece.indexOf(":");
    if (colon < 0) return invalid(form, `${entry} has no colon; a value can't hold a semicolon`);
    const name = piece.slice(0, colon).trim();
    const value = piece.slice(colon + 1).trim();
    const key = name.toLowerCase();
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
      return invalid(form, `${entry} has no valid header name before the colon`);
    }
    if (ownHeaders.has(key)) return invalid(`not set ${key}`, "this program sends its own");
    if (!/^[\x20-\x7e]+$/.test(value)) {
      return invalid(form, `${entry} needs a value of plain characters (ASCII)`);
    }
    if (seen.has(key)) return invalid("name each header once", `${entry} is a repetition`);
    seen.add(key);
    result.push([name, value]);
  }
  return result.length > 0 ? valid(result) : invalid(form);
}

/**
 * Every value, the bare token of `Bearer …` and the like, and the password that `Basic …` encodes.
 * Also of headers that are wrong.
 */
export function headerSecrets(text: string): string[] {
  const values = text.split(";").map((piece) => piece.slice(piece.indexOf(":") + 1).trim());
  const tokens = values.flatMap((value) =>
    /^(?:basic|bearer|token)\s+(.+)$/i.exec(value)?.[1] ?? []
  );
  const logins = values.flatMap((value) => {
    const login = decodeBase64(/^basic\s+(.+)$/i.exec(value)?.[1] ?? "");
    return [login, login.slice(login.indexOf(":") + 1)];
  });
  return [text, ...values, ...tokens, ...logins];
}

/** Also of base64url, and without padding. Empty for what is something else. */
function decodeBase64(text: string): string {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, ""));
    return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
  } catch {
    return "";
  }
}

// Not those of node:net, which takes 5 ms to load.
const ipv4Schema = v.pipe(v.string(), v.ipv4());
const ipSchema = v.pipe(v.string(), v.ip());

function isIPv4(host: string): boolean {
  return v.is(ipv4Schema, host);
}

function isIP(host: string): boolean {
  return v.is(ipSchema, host);
}

export function mailHost(text: string): Parsed<string> {
  const host = text.trim().replace(/^\[(.*)\]$/, "$1");
  if (isIP(host) || /^[\p{L}\p{N}]([\p{L}\p{N}._-]{0,251}[\p{L}\p{N}])?\.?$/u.test(host)) {
    return valid(host);
  }
  return invalid(
    "be a host name or an IP address, like smtp.example.com",
    /^[^\s/:]+:\d+$/.test(host) ? "the port goes into EMAIL_SMTP_PORT" : undefined,
  );
}

export function mailAddress(text: string): Parsed<string> {
  return isMailAddress(text.trim())
    ? valid(text.trim())
    : invalid("be one address, like me@example.com or Name <me@example.com>");
}

export function mailAddresses(text: string): Parsed<readonly string[]> {
  // A comma inside a quoted name ("Doe, Jane" <jane@example.com>) does not separate.
  const parts = text.match(/(?:"[^"]*"|[^,"]|")+/g) ?? [];
  const addresses = parts.map((part) => part.trim()).filter((part) => part !== "");
  return addresses.length > 0 && addresses.every(isMailAddress) ? valid(addresses) : invalid(
    "be addresses like me@example.com or Name <me@example.com>, separated by commas",
    text.includes(";") ? "separate them by commas, not semicolons" : undefined,
  );
}

/** Plain on purpose: the mail server has the last word on what it delivers to. */
function isMailAddress(text: string): boolean {
  if (hasControlCharacter(text) || text.length > 500) return false;
  const address = /^(?:"[^"<>]*"\s*|[^"<>,;@]*)<([^<>]*)>$/.exec(text)?.[1] ?? text;
  return /^[^\s@<>",;:()[\]\\]+@[\p{L}\p{N}]([\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u.test(address);
}
