import { PLACEHOLDER } from "../report/card.ts";
import { dayOf } from "../report/frame.ts";
import { Markup, type Tag } from "../report/markup.ts";
import type { FoundAsset, FoundCandidate } from "./missed_document.ts";
import { explain } from "./missed_words.ts";

/** Width by height of what a picture is shown in. */
const TILE = 4 / 3;

/**
 * One candidate: its picture with the faces of nobody, its name, why it is here, the picture of the
 * neighbour that shows somebody, and whether it has been looked at. The name is the link and reaches
 * over the whole card, so that there is one stop for the keyboard, which marks with a key.
 */
export function missedCard(
  tag: Tag,
  candidate: FoundCandidate,
  hasPicture: (id: string) => boolean,
): Markup {
  const { id, fileName, takenAt, isVideo, url } = candidate;
  const related = "asset" in candidate.evidence ? candidate.evidence.asset : undefined;
  return tag`<li class="card" data-id="${id}">
<div class="tile">${hasPicture(id) ? photo(tag, candidate) : PLACEHOLDER}</div>
${isVideo && tag`<span class="kind" aria-hidden="true">Video</span>\n`}<div class="text">
<a href="${url}" target="_blank" rel="noreferrer noopener"><bdi>${fileName}</bdi></a>
<time datetime="${takenAt.slice(0, 16)}">${timeOf(takenAt)}</time>
<div class="why">${related !== undefined && hasPicture(related.id) && small(tag, related)}<p>${
    explain(candidate)
  }</p></div>
<label class="done"><input type="checkbox" tabindex="-1">Looked at</label>
</div>
</li>
`;
}

/** The picture as large as it fits, and in it, in per cent of it, where the faces are. */
function photo(tag: Tag, candidate: FoundCandidate): Markup {
  const kind = candidate.isVideo ? "Video" : "Photo";
  const image = tag`<img data-picture="${candidate.id}" alt="${kind}" decoding="async">`;
  const faces = candidate.reason === "face" ? candidate.evidence.faces : [];
  const aspect = candidate.reason === "face" ? candidate.evidence.aspect : null;
  if (aspect === null) return image;
  const width = css(100 * Math.min(1, aspect / TILE));
  const height = css(100 * Math.min(1, TILE / aspect));
  return tag`<div class="photo" style="width:${width};height:${height}">${image}${
    faces.map(({ left, top, width, height }) =>
      tag`<span class="face" style="left:${css(left)};top:${css(top)};width:${css(width)};height:${
        css(height)
      }"></span>`
    )
  }</div>`;
}

function small(tag: Tag, { id, url, fileName }: FoundAsset): Markup {
  return tag`<a class="small" href="${url}" target="_blank" rel="noreferrer noopener" tabindex="-1" title="${fileName}"><img data-picture="${id}" alt="" decoding="async"></a>`;
}

function css(percent: number): Markup {
  return new Markup(`${Number(percent.toFixed(3))}%`);
}

/** `Sat, 4 Dec 2024, 10:05:12`: in a row of pictures the seconds tell which is which. */
function timeOf(takenAt: string): string {
  return `${dayOf(Date.parse(`${takenAt}Z`))}, ${takenAt.slice(11)}`;
}
