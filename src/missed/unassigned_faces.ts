import * as v from "valibot";
import { ImmichError } from "../immich/immich_error.ts";
import { type Face, faceSchema, readFacesOfNobody } from "../immich/faces.ts";
import type { Asset } from "../immich/asset.ts";
import { readPeople } from "../immich/people.ts";
import { sampleAssets } from "../immich/counts.ts";
import { listAssets } from "../immich/search.ts";
import type { StructuredQuery } from "../immich/search_page.ts";
import { type Aside, askAside, forEach } from "./aside.ts";
import type { Box } from "./candidates.ts";

/** More faces of one asset are not drawn. */
const MOST_BOXES = 20;
/** More people than these do not fit well into one question. */
const MOST_PEOPLE = 10_000;

/** The boxes of an answer of 2.x, which tells them with each asset. What is no face is left out. */
export function boxesIn(unassignedFaces: readonly unknown[]): Box[] {
  return unassignedFaces.slice(0, MOST_BOXES).flatMap((face) => {
    const parsed = v.safeParse(faceSchema, face);
    return parsed.success ? boxOf(parsed.output) : [];
  });
}

/** Nothing for a box that is not in its picture. */
function boxOf(face: Face): Box[] {
  const { imageWidth: width, imageHeight: height } = face;
  const [left, right] = [face.boundingBoxX1 / width, face.boundingBoxX2 / width];
  const [top, bottom] = [face.boundingBoxY1 / height, face.boundingBoxY2 / height];
  const isInside = left >= 0 && left < right && right <= 1 && top >= 0 && top < bottom &&
    bottom <= 1;
  if (!isInside) return [];
  return [{ left, top, width: right - left, height: bottom - top, aspect: width / height }];
}

/**
 * The ids of own assets that have a face of nobody, newest first; asks a server with structured
 * search (3.2 and later), and needs `person.read`. Undefined, with a note, when it can't be told.
 *
 * The question finds faces of people who are not listed, too, and all of the partners' (whose
 * people are nobody's here): an own asset with people of its own is none, and is left out.
 *
 * @param most so many are enough
 */
export async function askForUnassigned(
  aside: Aside,
  { ownUserId, includeArchived, most }: {
    readonly ownUserId: string;
    readonly includeArchived: boolean;
    readonly most: number;
  },
): Promise<Set<string> | undefined> {
  const { http, server } = aside;
  return await askAside(aside, "Faces that belong to nobody were not asked for", async (signal) => {
    const { listed } = await readPeople(http);
    if (listed.length > MOST_PEOPLE) throw tooManyPeople(listed.length);
    const shown = includeArchived ? ["timeline", "archive"] as const : ["timeline"] as const;
    const ids = listed.map(({ id }) => id);
    const query: StructuredQuery = {
      filter: {
        visibility: { in: shown },
        hasPeople: { eq: true },
        // An empty list is a 400.
        ...(ids.length === 0 ? {} : { personIds: { none: ids } }),
      },
      violation: ({ visibility }) =>
        shown.some((one) => one === visibility) ? undefined : `is in "${visibility}"`,
    };
    const found = new Set<string>();
    const take = (assets: readonly Asset[]) => {
      for (const { id, ownerId, people } of assets) {
        if (ownerId === ownUserId && people.length === 0) found.add(id);
      }
    };
    // A sample is not sorted, and mostly all there is: 0.2 s where a page of a list takes 2.9 s.
    const sample = await sampleAssets(http, query);
    if (sample.isComplete) {
      take(sample.assets);
      return found;
    }
    for await (const page of listAssets(http, server, query, { signal })) {
      take(page);
      if (found.size < most) continue;
      aside.notes.push(
        `Faces that belong to nobody: the newest ${found.size} assets with one were taken.`,
      );
      break;
    }
    return found;
  });
}

function tooManyPeople(count: number): ImmichError {
  return new ImmichError("answer", `There are ${count} people.`, "So many can't be asked about.");
}

/**
 * Asks for the faces of each asset by itself; needs `face.read`. What has come before a failure is
 * there, and a note tells of the rest.
 *
 * @returns boxes by asset id, of those that have a face of nobody
 */
export async function askForBoxes(
  aside: Aside,
  ids: readonly string[],
  what: string,
): Promise<Map<string, Box[]>> {
  const boxes = new Map<string, Box[]>();
  await askAside(aside, what, (signal) =>
    forEach(ids, async (id) => {
      const faces = await readFaces(aside, id, signal);
      if (faces.length > 0) boxes.set(id, faces.slice(0, MOST_BOXES).flatMap(boxOf));
    }));
  return boxes;
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
