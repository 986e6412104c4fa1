import type { AssetDetails } from "../immich/asset_details.ts";
import type { ListedAsset, ListKind, ReportPage } from "./contents.ts";
import { dayOf } from "./frame.ts";
import { Markup, type Tag } from "./markup.ts";
import { failureText } from "./words.ts";

/** How many people of one asset are named; nobody reads more. */
const MOST_PEOPLE = 8;

/**
 * One asset: thumbnail, name, date, who is on it. The name is the link to the asset's page in
 * Immich and reaches over the whole card, so that there is one stop for the keyboard and for a
 * screen reader one name to read; the picture's own text says only what the name does not.
 */
export function cardOf(
  tag: Tag,
  { summary, details, pictures }: ReportPage,
  list: ListKind,
  { id, failure }: ListedAsset,
): Markup {
  const asset = details.get(id);
  const picture = pictures.get(id);
  const kind = asset?.isVideo === true ? "Video" : "Photo";
  return tag`<li class="card">
<div class="tile">${
    // The address was made from bytes: it needs no escaping, and is longer than a text may be.
    picture === undefined
      ? PLACEHOLDER
      : tag`<img src="${new Markup(picture)}" alt="${kind}" decoding="async">`}</div>
${
    asset?.isVideo === true && tag`<span class="kind" aria-hidden="true">Video</span>\n`
  }<div class="text">
<a href="${summary.server.url ?? ""}/photos/${id}" rel="noreferrer"><bdi>${
    asset?.fileName ?? id
  }</bdi></a>
${
    asset === undefined
      ? tag`<p>Immich gave no details.</p>`
      : tag`<time datetime="${new Date(asset.takenAt).toISOString().slice(0, 16)}">${
        dayOf(asset.takenAt)
      }</time>`
  }
${
    failure !== undefined && tag`<p class="bad">${failureText(failure.action, failure.error)}</p>\n`
  }${
    asset !== undefined && people(tag, asset, list === "remove" || failure?.action === "remove")
  }</div>
</li>
`;
}

/** Who was recognised; of a removal without anybody what else there is against it. */
function people(tag: Tag, { people, visibility }: AssetDetails, isRemoval: boolean): Markup {
  const named = people.filter((name) => name.trim() !== "");
  const unnamed = people.length - named.length;
  const names = [
    ...named.slice(0, MOST_PEOPLE),
    ...unnamed === 0 ? [] : [unnamed === 1 ? "unnamed person" : `${unnamed} unnamed people`],
    ...named.length > MOST_PEOPLE ? [`${named.length - MOST_PEOPLE} more`] : [],
  ];
  if (names.length === 0) {
    return isRemoval ? tag`<p>${REASONS.get(visibility) ?? UNKNOWN_REASON}</p>\n` : tag``;
  }
  return tag`<ul class="who" aria-label="People" role="list">${
    names.map((name) => tag`<li><bdi>${name}</bdi></li>`)
  }</ul>\n`;
}

const REASONS = new Map([
  ["archive", "Archived"],
  ["hidden", "Hidden, as the moving part of a live photo"],
  ["locked", "In the locked folder"],
]);
const UNKNOWN_REASON = "Not of a kind that the album takes";

export const PLACEHOLDER = new Markup(
  '<svg viewBox="0 0 24 24" role="img" aria-label="No picture" fill="none" stroke="currentColor" stroke-width="1.5">' +
    '<rect x="3" y="4.5" width="18" height="15" rx="2.5"/><circle cx="8.5" cy="9.5" r="1.5"/>' +
    '<path d="m4 17 5-4.5 3.5 3 3-2.5L20.5 17" stroke-linejoin="round"/></svg>',
);
