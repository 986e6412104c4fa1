import { number } from "../text.ts";

/** HTML that is safe to stand in the page. Made by the tag of `createMarkup` only. */
export class Markup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

/** What may stand in a template; undefined and false are nothing. */
export type Part = string | number | Markup | undefined | false | readonly Part[];

export type Tag = (strings: TemplateStringsArray, ...parts: readonly Part[]) => Markup;

/** Longer texts are cut, in characters: no server makes the page larger than it should be. */
export const MAX_TEXT = 1000;

/**
 * Makes a template tag whose texts, wherever they come from, are data: without secrets, without
 * characters that change what others look like, and without any meaning in HTML. Attributes must
 * be quoted.
 *
 * @param redact takes out secrets; on whole texts, before they are cut
 */
export function createMarkup(redact: (text: string) => string): Tag {
  const htmlOf = (part: Part): string => {
    if (part === undefined || part === false) return "";
    if (part instanceof Markup) return part.html;
    if (typeof part === "number") return number(part);
    if (typeof part === "string") return escapeHtml(shorten(showControls(redact(part)), MAX_TEXT));
    return part.map(htmlOf).join("");
  };
  return (strings, ...parts) => new Markup(String.raw({ raw: strings }, ...parts.map(htmlOf)));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? "");
}

/**
 * Control characters as their number, and so those that turn the direction of the text after them:
 * they make `gpj.exe` of a name look like `exe.jpg`. Line ends become spaces.
 */
function showControls(text: string): string {
  return text.toWellFormed().replace(/[\t\n\v\f\r\x85\u2028\u2029]+/g, " ").replace(
    // deno-lint-ignore no-control-regex
    /[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/g,
    (char) => `[U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`,
  );
}

/** At most so many characters, cut in the middle: the end of a file name tells what it is. */
export function shorten(text: string, most: number): string {
  // Cheap, and enough for nearly all.
  if (text.length <= most) return text;
  const chars = [...text];
  if (chars.length <= most) return text;
  const end = Math.floor(most / 3);
  return [...chars.slice(0, most - 1 - end), "…", ...chars.slice(-end)].join("");
}
