import { cardOf } from "./card.ts";
import type { AssetList, ListKind, ReportPage } from "./contents.ts";
import { dateOf, frame, notes, timeOf } from "./frame.ts";
import { createMarkup, Markup, type Tag } from "./markup.ts";
import { STYLE } from "./style.ts";
import { headlineOf, stateOf, wordsOf } from "./words.ts";
import type { Summary } from "../sync/summary.ts";

/**
 * The report as one HTML file that loads nothing, runs nothing and needs nothing beside itself.
 *
 * @param redact takes secrets out of everything that is shown
 */
export function renderReport(page: ReportPage, redact: (text: string) => string): string {
  const tag = createMarkup(redact);
  const { summary, lists, startedAt } = page;
  const headline = headlineOf(summary, totalsOf(lists));
  const shown = lists.filter(({ kind, total }) =>
    total > 0 || ((kind === "add" || kind === "remove") && summary.status !== "failed")
  );
  return frame(tag, {
    title: `${headline} – ${summary.album.name ?? "Immich album"}, ${dateOf(startedAt)}`,
    style: STYLE,
    headline,
    skip: shown.length > 0 && SKIP_LINK,
    meta: meta(tag, page),
    main: tag`${outcome(tag, summary)}
${notes(tag, page.notes)}
${shown.length > 0 && facts(tag, page)}
${shown.length > 0 && navigation(tag, summary, shown)}
<div id="lists" tabindex="-1">
${shown.map((list) => section(tag, page, list))}
</div>`,
    footer: tag`Made by immich-faceless-sync ${page.version}.${
      shown.length > 0 && " Click a picture to open it in Immich."
    }`,
  });
}

function totalsOf(lists: readonly AssetList[]): Record<ListKind, number> {
  const totals: Record<ListKind, number> = { failed: 0, add: 0, remove: 0, heldBack: 0 };
  for (const { kind, total } of lists) totals[kind] = total;
  return totals;
}

function meta(tag: Tag, { summary, startedAt }: ReportPage): Markup {
  const { text, tone } = stateOf(summary);
  const { album, server } = summary;
  return tag`<div class="meta">
<p class="state ${tone}">${text}</p>
${album.name !== null && tag`<p>Album <b><bdi>${album.name}</bdi></b></p>\n`}${
    server.url !== null &&
    tag`<p><bdi>${server.url}</bdi>${server.version !== null && `, Immich ${server.version}`}</p>\n`
  }<p><time datetime="${startedAt.toISOString()}">${dateOf(startedAt)}, ${
    timeOf(startedAt)
  }</time></p>
</div>`;
}

/** What a guard or an error says. */
function outcome(tag: Tag, { guard, error }: Summary): Markup {
  return tag`${
    guard !== null && tag`<div class="box warn">
<h2>Refused by ${guard.name}: nothing was changed</h2>
<p>${guard.message}</p>
</div>`
  }${
    error !== null && tag`<div class="box bad">
<h2>${error.message}</h2>
<p>${error.hint}</p>
</div>`
  }`;
}

function navigation(tag: Tag, summary: Summary, lists: readonly AssetList[]): Markup {
  const links = lists.map(({ kind, total }) =>
    tag`<li><a href="#${kind}">${wordsOf(kind, summary).heading} <span>${total}</span></a></li>\n`
  );
  return tag`<nav aria-label="Lists">
<ul>${links}</ul>
</nav>`;
}

function facts(tag: Tag, { summary, lists }: ReportPage): Markup {
  const { assets, strategy, durationMs, status, dryRun } = summary;
  const totals = totalsOf(lists);
  const planned = dryRun || status === "refused";
  const fact = (name: string, value: number | string | null | undefined, tone = "") =>
    value !== null && value !== undefined &&
    tag`<div${tone !== "" && tag` class="${tone}"`}><dt>${name}</dt><dd>${value}</dd></div>\n`;
  const some = (value: number) => value > 0 ? value : undefined;
  return tag`<dl class="facts">
${fact(planned ? "to add" : "added", planned ? totals.add : summary.added, "add")}${
    fact(planned ? "to remove" : "removed", planned ? totals.remove : summary.removed, "remove")
  }${fact("failed", some(totals.failed), "remove")}${
    fact(`in the album ${planned ? "now" : "before"}`, assets.inAlbum)
  }${fact("belong to it", assets.matching)}${fact("assets read", assets.read)}${
    fact("held back, too young", some(assets.heldBack))
  }${fact("other people's, left alone", some(assets.foreign))}${
    fact(`run time (${strategy})`, `${(durationMs / 1000).toFixed(1)} s`)
  }</dl>`;
}

function section(tag: Tag, page: ReportPage, list: AssetList): Markup {
  const { kind, shown, total } = list;
  const { heading, lead } = wordsOf(kind, page.summary);
  return tag`<section id="${kind}" class="tone-${kind}" aria-labelledby="${kind}-heading">
<h2 id="${kind}-heading">${heading} <span>${total}</span></h2>
<p class="lead">${total === 0 ? "None." : lead}${
    total > shown.length &&
    tag` <span class="nobr">${shown.length} of ${total}</span> are shown.`
  }</p>
${
    shown.length > 0 && tag`<ul class="sheet" role="list">
${shown.map((asset) => cardOf(tag, page, kind, asset))}</ul>`
  }
</section>
`;
}

const SKIP_LINK = new Markup('<a class="skip" href="#lists">Skip to the pictures</a>');
