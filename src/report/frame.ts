import { createHash } from "node:crypto";
import { Markup, type Part, type Tag } from "./markup.ts";

/** By this a file is known as a page of this program, which the next page may replace. */
export const REPORT_MARK = '<meta name="generator" content="immich-faceless-sync">';

/** What differs between the pages that this program writes. */
export interface Frame {
  readonly title: string;
  readonly style: string;
  readonly headline: string;
  /** A link that leads past everything that comes before the pictures. */
  readonly skip: Markup | false;
  /** Below the headline. */
  readonly meta: Markup;
  readonly main: Markup;
  readonly footer: Markup;
  /** Of which server the page is. */
  readonly server?: string;
  /** The only script that may run. */
  readonly script?: string;
}

/** A page as one HTML file that loads nothing and needs nothing beside itself. */
export function frame(
  tag: Tag,
  { title, style, headline, skip, meta, main, footer, server, script }: Frame,
): string {
  return tag`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${new Markup(REPORT_MARK)}
<meta http-equiv="Content-Security-Policy" content="${policy(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body${server !== undefined && tag` data-server="${server}"`}>
${skip}
<header>
<p class="brand">${LOGO}immich-faceless-sync</p>
<h1>${headline}</h1>
${meta}
</header>
<main>
${main}
</main>
<footer>
<p>${footer}</p>
<p>This file holds everything it shows and loads nothing. It may have private pictures and names in it: mind where you put it.</p>
</footer>
${script !== undefined && tag`<script>${new Markup(script)}</script>\n`}</body>
</html>
`.html;
}

function policy(script: string | undefined): Markup {
  const hash = script === undefined
    ? ""
    : ` script-src 'sha256-${createHash("sha256").update(script).digest("base64")}';`;
  return new Markup(
    `default-src 'none';${hash} img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`,
  );
}

export function notes(tag: Tag, sentences: readonly Part[]): Markup {
  if (sentences.length === 0) return tag``;
  return tag`<div class="box quiet">
<h2>What this page lacks</h2>
<ul>${sentences.map((sentence) => tag`<li>${sentence}</li>\n`)}</ul>
</div>`;
}

const DAYS = "Sun Mon Tue Wed Thu Fri Sat".split(" ");
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/**
 * `Sat, 4 Dec 2024`, on the clock of where an asset was taken, as if that were UTC. By hand: what
 * knows of all languages takes 20 MB of memory when it is used for the first time.
 */
export function dayOf(takenAt: number): string {
  const time = new Date(takenAt);
  return `${DAYS[time.getUTCDay()]}, ${time.getUTCDate()} ${
    MONTHS[time.getUTCMonth()]
  } ${time.getUTCFullYear()}`;
}

export function dateOf(time: Date): string {
  return `${time.getDate()} ${MONTHS[time.getMonth()]} ${time.getFullYear()}`;
}

export function timeOf(time: Date): string {
  return [time.getHours(), time.getMinutes()].map((part) => String(part).padStart(2, "0"))
    .join(":");
}

const LOGO = new Markup(
  '<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8">' +
    '<rect x="2.5" y="2.5" width="19" height="19" rx="4.5"/><circle cx="8.2" cy="8.6" r="1.7"/>' +
    '<path d="m3.5 17.5 5.2-5 4 3.7 3.6-3.2 4.7 4.3" stroke-linejoin="round"/></svg>',
);
