/** Addresses that messages are sent to: whoever knows one can send, so that they are secrets. */

import { hasControlCharacter } from "../text.ts";
import { invalid, type Parsed, valid } from "./values.ts";

const EXAMPLE = "be an address that starts with http:// or https://";

/** As it was written, without blanks around it and without a fragment. */
export function channelAddress(text: string): Parsed<string> {
  const raw = text.trim();
  if (/\s/.test(raw) || hasControlCharacter(raw)) return invalid("not contain white space");
  if (!/^https?:\/\/[^/?#\\]/i.test(raw) || !URL.canParse(raw)) return invalid(EXAMPLE);
  const url = new URL(raw);
  if (url.username !== "" || url.password !== "") {
    return invalid(
      "not contain a user name or password",
      "a webhook takes them in WEBHOOK_HEADERS",
    );
  }
  url.hash = "";
  return valid(url.href);
}

/** A ping goes to one check, which the path names. */
export function healthcheckAddress(text: string): Parsed<string> {
  const parsed = channelAddress(text);
  return parsed.ok && new URL(parsed.value).pathname === "/"
    ? invalid("have the path of the check, as the page of the check shows it")
    : parsed;
}

/** The whole of it, and what in it looks like a token. */
export function channelSecrets(text: string): string[] {
  const raw = text.trim();
  if (!/^https?:\/\//i.test(raw)) return [raw]; // a token without its address, perhaps
  const rest = raw.replace(/^\w+:\/\//, "");
  const path = rest.slice(rest.search(/[/?#]|$/));
  if (path.length < 2) return [];
  return [raw, rest, ...path.split(/[/?&=#]+/).filter(isToken)];
}

/** Words such as "message" stand in too many other texts to be hidden there. */
function isToken(part: string): boolean {
  return part.length >= 20 || (part.length >= 8 && /[\dA-Z]/.test(part));
}
