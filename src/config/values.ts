/** Parsers of plain values: numbers, times, sizes, choices, lists, texts, paths. */

import { resolve } from "node:path";
import type { Explanation } from "../errors.ts";
import { hasControlCharacter } from "../text.ts";

/** What a parser of one variable answers. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T; readonly warning?: Explanation }
  | {
    readonly ok: false;
    /** Goes on after "NAME must ". */
    readonly must: string;
    /** What to do about it, a sentence part after the value found, of which it holds nothing. */
    readonly hint?: string | undefined;
    /** What may have been meant; made from the value, so it is as secret as that. */
    readonly guess?: string | undefined;
  };

/** `baseDir`: the folder that relative paths in this value are relative to. */
export type Parser<T> = (text: string, baseDir: string) => Parsed<T>;

export function valid<T>(value: T, warning?: Explanation): Parsed<T> {
  return warning === undefined ? { ok: true, value } : { ok: true, value, warning };
}

export function invalid(must: string, hint?: string, guess?: string): Parsed<never> {
  return { ok: false, must, hint, guess };
}

export function wholeNumber(min: number, max: number): Parser<number> {
  return (text) => {
    const number = /^\d{1,15}$/.test(text.trim()) ? Number(text) : NaN;
    return number >= min && number <= max
      ? valid(number)
      : invalid(`be a whole number from ${min} to ${max}`);
  };
}

const BOOLEANS = new Map([
  ...["true", "1", "yes", "on"].map((word) => [word, true] as const),
  ...["false", "0", "no", "off"].map((word) => [word, false] as const),
]);

export function boolean(text: string): Parsed<boolean> {
  const value = BOOLEANS.get(text.trim().toLowerCase());
  return value === undefined ? invalid("be true or false (or 1/0, yes/no, on/off)") : valid(value);
}

/** Any case. `also`: further spellings that are accepted but not advertised. */
export function choice<const T extends string>(
  words: readonly T[],
  also: Readonly<Record<string, T>> = {},
): Parser<T> {
  const meaning = new Map([...Object.entries(also), ...words.map((word) => [word, word] as const)]);
  return (text) => {
    const value = meaning.get(text.trim().toLowerCase());
    return value === undefined ? invalid(`be one of ${words.join(", ")}`) : valid(value);
  };
}

const MILLISECONDS = new Map([
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

/** In milliseconds. The bounds are written as a user writes them. */
export function duration(min: string, max: string): Parser<number> {
  const [least, most] = [milliseconds(min), milliseconds(max)];
  return (text) => {
    const value = milliseconds(text);
    if (value >= least && value <= most) return valid(value);
    return invalid(
      `be a time from ${min} to ${max}, a whole number with a unit (ms, s, m, h, d)`,
      /^\d+$/.test(text.trim()) ? "the unit is missing, write e.g. 90s" : undefined,
    );
  };
}

/** NaN if it is not a time. */
function milliseconds(text: string): number {
  const [, digits, unit] = /^(\d{1,12})(ms|s|m|h|d)?$/.exec(text.trim().toLowerCase()) ?? [];
  if (digits === undefined) return NaN;
  const number = Number(digits);
  return unit === undefined ? (number === 0 ? 0 : NaN) : number * (MILLISECONDS.get(unit) ?? NaN);
}

const BYTES = new Map([["b", 1], ["kb", 1024], ["mb", 1024 ** 2], ["gb", 1024 ** 3]]);

/** In bytes; units are binary multiples. The bounds are written as a user writes them. */
export function size(min: string, max: string): Parser<number> {
  const [least, most] = [bytes(min), bytes(max)];
  return (text) => {
    const value = bytes(text);
    return value >= least && value <= most
      ? valid(value)
      : invalid(`be a size from ${min} to ${max} (whole number with KB, MB, GB, or bytes)`);
  };
}

function bytes(text: string): number {
  const [, digits, unit] = /^(\d{1,15})(b|kb|mb|gb)?$/.exec(text.trim().toLowerCase()) ?? [];
  return digits === undefined ? NaN : Number(digits) * (BYTES.get(unit ?? "b") ?? NaN);
}

/** Kept as written: leading and trailing blanks can be part of a name. */
export function albumName(text: string): Parsed<string> {
  const most = 500;
  return text.trim() !== "" && text.length <= most && !hasControlCharacter(text)
    ? valid(text)
    : invalid(
      `be a name of 1 to ${most} characters, not only blanks, in one line`,
      text.length > most ? `it has ${text.length} characters` : undefined,
    );
}

export function uuid(text: string): Parsed<string> {
  const value = text.trim().toLowerCase();
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value) ? valid(value) : invalid(
    "be an id like 3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "it is the last part of the album's address in the browser",
  );
}

/** Comma separated names or ids, without doubles. */
export function people(text: string): Parsed<readonly string[]> {
  const names = text.split(",").map((name) => name.trim());
  return names.every((name) => name !== "" && name.length <= 500) && !hasControlCharacter(text)
    ? valid([...new Set(names)])
    : invalid("be names or ids, separated by commas, none of them empty");
}

export function assetTypes(text: string): Parsed<ReadonlySet<"IMAGE" | "VIDEO">> {
  const types = new Set<"IMAGE" | "VIDEO">();
  for (const word of text.split(",").map((word) => word.trim().toLowerCase())) {
    if (word === "image") types.add("IMAGE");
    else if (word === "video") types.add("VIDEO");
    else return invalid("be image, video, or both separated by a comma");
  }
  return valid(types);
}

/** Printable ASCII without blanks, as an HTTP header takes it. */
export function apiKey(text: string): Parsed<string> {
  const key = text.trim();
  return /^[\x21-\x7e]{1,1000}$/.test(key) ? valid(key) : invalid(
    "be one word of plain characters, without white space inside",
    "copy it again from Account Settings > API Keys in Immich",
  );
}

/** Any text at all, blanks included. */
export function secretText(text: string): Parsed<string> {
  return /[\r\n\0]/.test(text) ? invalid("be a single line") : valid(text);
}

export function oneLine(text: string): Parsed<string> {
  return text.trim() !== "" && !hasControlCharacter(text)
    ? valid(text.trim())
    : invalid("be a single line of text");
}

/** Absolute path. Whether it can be read or written is for the user of the path to find out. */
export function path(text: string, baseDir: string): Parsed<string> {
  if (text.includes("-----BEGIN")) {
    return invalid("be the path of a PEM file", "it holds the text of one: put that into a file");
  }
  if (text.trim() === "" || hasControlCharacter(text)) {
    return invalid(
      "be the path of a file",
      text.trim() === ""
        ? undefined
        : "in double quotes a backslash starts an escape like \\n: use single quotes in the env file",
    );
  }
  return valid(resolve(baseDir, text.trim()));
}
