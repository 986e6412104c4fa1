import * as v from "valibot";
import { ImmichError } from "../immich/immich_error.ts";
import { type Face, faceSchema, readFacesOfNobody } from "../immich/faces.ts";
import type { Asset } from "../immich/asset.ts";
import { MAX_PEOPLE_ASKED, readPeople } from "../immich/people.ts";
import { sampleAssets } from "../immich/counts.ts";
import { listAssets } from "../immich/search.ts";
import { MAX_PAGE_SIZE, noneOf, shownQuery, type StructuredQuery } from "../immich/search_page.ts";
import { number } from "../text.ts";
import { type Aside, askForEach, type LookInput, tryAside } from "./aside.ts";
import type { AssetTable } from "./asset_table.ts";
import type { Box, Candidate, FaceFind, Faces } from "./candidates.ts";

const NOT_LOOKED_FOR = "Unassigned faces were not looked for";
/** More of a list is not looked at: a page of 1,000 takes up to 2.9 s. */
const MOST_PAGES = 5;
/** More faces of one asset are not drawn. */
const MOST_BOXES = 20;

/** Those of an answer of 2.x, which tells them with each asset. What is no face is not drawn. */
export function facesIn(unassignedFaces: readonly unknown[]): Faces {
  const told = unassignedFaces.flatMap((face) => {
    const parsed = v.safeParse(faceSchema, face);
    return parsed.success ? parsed.output : [];
  });
  return { count: unassignedFaces.length, boxes: boxesOf(told) };
}

function boxesOf(faces: readonly Face[]): Box[] {
  return faces.flatMap(boxOf).slice(0, MOST_BOXES);
}

/** The part in its picture, as faces at the edge reach beyond it; nothing where there is none. */
function boxOf(face: Face): Box[] {
  const { imageWidth: width, imageHeight: height } = face;
  const share = (pixel: number, size: number) => Math.min(1, Math.max(0, pixel / size));
  const [left, right] = [share(face.boundingBoxX1, width), share(face.boundingBoxX2, width)];
  const [top, bottom] = [share(face.boundingBoxY1, height), share(face.boundingBoxY2, height)];
  const isSeen = width > 0 && height > 0 && left < right && top < bottom;
  if (!isSeen) return [];
  return [{ left, top, width: right - left, height: bottom - top, aspect: width / height }];
}

export interface UnassignedInput {
  readonly includeArchived: boolean;
  /** Undefined while it is still to be created. */
  readonly albumId: string | undefined;
  readonly isCandidate: (asset: Asset) => boolean;
}

/**
 * The ids of assets that have a face of nobody; asks a server with structured search (3.2 and
 * later), and needs `person.read`. A note tells what could not be looked at.
 *
 * The question finds faces of people who are not listed, too, and all of the partners' (whose
 * people are nobody's here): an own asset with people of its own is none, and is left out. There is
 * no filter by owner, so where partners have many, the album is asked for by itself: most
 * candidates are in it, and hardly any assets of partners with faces.
 */
export async function askForUnassigned(
  aside: Aside,
  { includeArchived, albumId, isCandidate }: UnassignedInput,
): Promise<ReadonlySet<string>> {
  const { http, server, notes } = aside;
  const found = new Set<string>();
  const take = (assets: readonly Asset[]) => {
    for (const asset of assets) {
      if (asset.people.length === 0 && isCandidate(asset)) found.add(asset.id);
    }
  };
  /** Takes all of a sample, which is mostly all: 0.2 s where a page of a list takes 2.9 s. */
  const takeAll = async (query: StructuredQuery, signal: AbortSignal) => {
    const { assets, isComplete } = await sampleAssets(http, query, { signal });
    if (isComplete) take(assets);
    return isComplete;
  };
  const takeNewest = async (query: StructuredQuery, signal: AbortSignal) => {
    let pages = 0;
    for await (const page of listAssets(http, server, query, { signal })) {
      take(page);
      if (++pages === MOST_PAGES) return false;
    }
    return true;
  };
  const why = await tryAside(aside, async (signal) => {
    const { listed } = await readPeople(http, { signal });
    if (listed.length > MAX_PEOPLE_ASKED) throw tooManyPeople(listed.length);
    const filter = { hasPeople: { eq: true }, ...noneOf(listed.map(({ id }) => id)) };
    const everywhere = shownQuery(includeArchived, filter);
    if (await takeAll(everywhere, signal)) return;
    let isAlbumDone = false;
    if (albumId !== undefined) {
      const inAlbum = shownQuery(includeArchived, { ...filter, albumIds: { any: [albumId] } });
      isAlbumDone = await takeAll(inAlbum, signal) || await takeNewest(inAlbum, signal);
    }
    if (await takeNewest(everywhere, signal)) return;
    notes.push(
      "Unassigned faces were looked for on only about the newest " +
        `${number(MOST_PAGES * MAX_PAGE_SIZE)} assets that may have one, partners' included` +
        `${isAlbumDone ? ", and on all of the album" : ""}.`,
    );
  });
  if (why !== undefined) {
    notes.push(`${found.size === 0 ? NOT_LOOKED_FOR : `${NOT_LOOKED_FOR} everywhere`}: ${why}`);
  }
  return found;
}

function tooManyPeople(count: number): ImmichError {
  return new ImmichError("answer", `There are ${count} people.`, "So many can't be asked about.");
}

/**
 * Faces of nobody on the best candidates, where they can only be asked for one by one. From 3.2 on
 * it is known which assets have one, only not where; 3.0 and 3.1 tell neither. Only so many are
 * asked for that it costs little beside the listing; needs `face.read`.
 *
 * @param most how many may be asked for
 */
export async function lookAtFaces(
  { aside, reader }: LookInput,
  table: AssetTable,
  best: readonly Candidate[],
  known: readonly FaceFind[],
  most: number,
): Promise<readonly FaceFind[]> {
  const { server: { unassignedFaces, structuredSearch, version }, notes } = aside;
  if (unassignedFaces) return known;
  const wanted = structuredSearch
    ? best.filter(({ evidence }) => evidence.reason === "face")
    // With people on it, a face of nobody is only one more in the crowd.
    : best.filter(({ row }) => !table.hasPeople(row));
  if (wanted.length === 0) return known;
  const asked = wanted.slice(0, most);
  reader.onProgress?.({ step: "Looking for faces" });
  const faces = new Map<number, Faces>(known.map((find) => [find.row, find]));
  let answered = 0;
  const why = await askForEach(aside, asked, async ({ row }, signal) => {
    const found = await readFaces(aside, table.id(row), signal);
    if (found.length > 0) faces.set(row, { count: found.length, boxes: boxesOf(found) });
    answered++;
  });
  const look = { version, wanted: wanted.length, asked: asked.length, answered, why };
  notes.push(...structuredSearch ? noteOnPositions(look) : noteOnFaces(look));
  return facesOf(faces);
}

/** How far faces were looked for. */
interface Look {
  /** Of the server. */
  readonly version: string;
  readonly wanted: number;
  readonly asked: number;
  readonly answered: number;
  /** Why it ended early, if it did. */
  readonly why: string | undefined;
}

function noteOnFaces({ version, wanted, asked, answered, why }: Look): string[] {
  if (why === undefined) {
    return [
      `Immich ${version} reports unassigned faces only asset by asset, so only the ${asked} best ` +
      "candidates were checked for them.",
    ];
  }
  return answered === 0 ? [`${NOT_LOOKED_FOR}: ${why}`] : [
    `Unassigned faces were looked for on only ${answered} of the ${wanted} best candidates: ${why}`,
  ];
}

function noteOnPositions({ version, wanted, asked, answered, why }: Look): string[] {
  if (why !== undefined) {
    return answered === 0 ? [`The positions of faces are not shown: ${why}`] : [
      `The positions of faces are shown for only ${answered} of the ${wanted} candidates with one: ` +
      why,
    ];
  }
  return asked === wanted ? [] : [
    `Immich ${version} reports where a face is only asset by asset, so only the ${asked} best ` +
    `candidates with one show it; the other ${wanted - asked} do not.`,
  ];
}

export function facesOf(faces: ReadonlyMap<number, Faces>): FaceFind[] {
  return [...faces].map(([row, found]) => ({ ...found, row }));
}

/** None of an asset that has gone meanwhile. */
async function readFaces({ http }: Aside, id: string, signal: AbortSignal): Promise<Face[]> {
  try {
    return await readFacesOfNobody(http, id, signal);
  } catch (error) {
    if (error instanceof ImmichError && error.kind === "rejected") return [];
    throw error;
  }
}
