import { dateOf, frame, notes, timeOf } from "../report/frame.ts";
import { type Finish, finishPage, type Source } from "../report/gather.ts";
import { createMarkup, Markup, type Tag } from "../report/markup.ts";
import { STYLE } from "../report/style.ts";
import { type Reason, REASONS } from "./candidates.ts";
import { missedCard } from "./missed_card.ts";
import type { FoundCandidate } from "./missed_document.ts";
import { SCRIPT } from "./missed_script.ts";
import { MISSED_STYLE } from "./missed_style.ts";
import { REASON_WORDS } from "./missed_words.ts";
import { count } from "../text.ts";

/** No page is larger, whatever the thumbnails weigh. */
const MAX_PAGE_MEGABYTES = 30;
/** So many fit into it without thumbnails, with names as long as file systems allow. */
export const MOST_CARDS = 15_000;
/** The server is asked for pictures no longer than this, in milliseconds. */
const MOST_MS = 300_000;

/** Everything that the page shows; each picture stands in it once. */
export interface MissedPage extends Finish {
  readonly server: { readonly url: string; readonly version: string };
  readonly album: string | undefined;
  readonly startedAt: Date;
  /** Of this program. */
  readonly version: string;
  /** The best, best first. */
  readonly candidates: readonly FoundCandidate[];
  /** How many there are in all. */
  readonly counts: Readonly<Record<Reason, number>>;
}

/**
 * The page with the thumbnails of the candidates and of those that stand beside them; what it lacks
 * is returned too.
 */
export async function makeMissedPage(
  { notes, ...page }: Omit<MissedPage, "pictures">,
  { signal: stop, ...source }: Source,
): Promise<{ readonly html: string; readonly notes: readonly string[] }> {
  const ids = new Set(
    page.candidates.flatMap(({ id, evidence }) =>
      "asset" in evidence ? [id, evidence.asset.id] : [id]
    ),
  );
  if (ids.size > 0) {
    source.log.info(`Asking for thumbnails of ${count(ids.size, "asset")} for the page.`);
  }
  const signal = AbortSignal.any([stop, AbortSignal.timeout(MOST_MS)]);
  return await finishPage(
    { ...source, signal },
    [...ids],
    MAX_PAGE_MEGABYTES,
    notes,
    (finish) => renderMissed({ ...page, ...finish }, source.redact),
  );
}

/**
 * The page as one HTML file: sections by reason, the best first.
 *
 * @param redact takes secrets out of everything that is shown
 */
function renderMissed(page: MissedPage, redact: (text: string) => string): string {
  const tag = createMarkup(redact);
  const { candidates, counts, startedAt, server } = page;
  const total = Object.values(counts).reduce((sum, each) => sum + each, 0);
  const headline = total === 0
    ? "Nobody seems to have been missed"
    : `${count(total, "asset")} without people may show somebody`;
  const shown = REASONS.filter((reason) => counts[reason] > 0);
  return frame(tag, {
    title: `${headline} – ${dateOf(startedAt)}`,
    style: STYLE + MISSED_STYLE,
    headline,
    skip: candidates.length > 0 && SKIP_LINK,
    meta: meta(tag, page),
    main: tag`${notes(tag, page.notes)}
${candidates.length > 0 && tools(tag, candidates.length)}
${shown.length > 0 && navigation(tag, shown, counts)}
<div id="lists" tabindex="-1">
${shown.map((reason) => section(tag, page, reason))}
</div>
${candidates.length > 0 && pictureData(tag, page.pictures)}`,
    footer: tag`Made by immich-faceless-sync ${page.version}, which changed nothing. Your marks are
kept in this browser only.`,
    server: server.url,
    ...(candidates.length > 0 ? { script: SCRIPT } : {}),
  });
}

function meta(tag: Tag, { server, album, startedAt }: MissedPage): Markup {
  return tag`<div class="meta">
${
    album !== undefined && tag`<p>Album <b><bdi>${album}</bdi></b></p>\n`
  }<p><bdi>${server.url}</bdi>, Immich ${server.version}</p>
<p><time datetime="${startedAt.toISOString()}">${dateOf(startedAt)}, ${timeOf(startedAt)}</time></p>
</div>`;
}

function tools(tag: Tag, count: number): Markup {
  return tag`<div class="box quiet">
<p>Open a picture and press <kbd>p</kbd> in Immich to name its faces, or to draw one that was not found.</p>
<noscript><p>This page needs JavaScript to show its pictures.</p></noscript>
</div>
<div class="tools">
<output id="progress">${count} to look at</output>
<label><input type="checkbox" id="hide">Hide those looked at</label>
<p><kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd> move, <kbd>Enter</kbd> opens, <kbd>x</kbd> marks as looked at</p>
</div>`;
}

function navigation(
  tag: Tag,
  reasons: readonly Reason[],
  counts: MissedPage["counts"],
): Markup {
  return tag`<nav aria-label="Reasons">
<ul>${
    reasons.map((reason) =>
      tag`<li><a href="#${reason}">${REASON_WORDS[reason].heading} <span>${
        counts[reason]
      }</span></a></li>\n`
    )
  }</ul>
</nav>`;
}

function section(tag: Tag, page: MissedPage, reason: Reason): Markup {
  const { heading, lead } = REASON_WORDS[reason];
  const total = page.counts[reason];
  const cards = page.candidates.filter((candidate) => candidate.reason === reason)
    .map((candidate) => missedCard(tag, candidate, (id) => page.pictures.has(id)));
  return tag`<section id="${reason}" class="tone-${reason}" aria-labelledby="${reason}-heading">
<h2 id="${reason}-heading">${heading} <span>${total}</span></h2>
<p class="lead">${lead}${
    total > cards.length &&
    tag` <span class="nobr">${cards.length} of ${total}</span> shown${
      page.candidates.length < MOST_CARDS && "; raise --limit to see more"
    }.`
  }</p>
${sheetsOf(cards).map((cards) => tag`<ul class="sheet" role="list">\n${cards}</ul>\n`)}</section>
`;
}

/**
 * A browser lays out a whole grid when one card in it changes: with 5,000 in one, each step of
 * scrolling took a quarter of a second. So many fill whole rows of one to six columns.
 */
const CARDS_IN_SHEET = 60;

function sheetsOf(cards: readonly Markup[]): Markup[][] {
  return Array.from(
    { length: Math.ceil(cards.length / CARDS_IN_SHEET) },
    (_, index) => cards.slice(index * CARDS_IN_SHEET, (index + 1) * CARDS_IN_SHEET),
  );
}

/** Each picture once, as data: a neighbour may stand beside many candidates. */
function pictureData(tag: Tag, pictures: ReadonlyMap<string, string>): Markup {
  const json = JSON.stringify(Object.fromEntries(pictures)).replaceAll("<", "\\u003c");
  return tag`<script type="application/json" id="pictures">${new Markup(json)}</script>`;
}

const SKIP_LINK = new Markup('<a class="skip" href="#lists">Skip to the pictures</a>');
