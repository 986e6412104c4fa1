import * as v from "valibot";
import { idSchema, timeSchema, VISIBILITIES, type Visibility } from "./asset.ts";
import { ImmichError } from "./immich_error.ts";
import type { ImmichHttp } from "./http.ts";

/** What a person wants to know of one asset. */
export interface AssetDetails {
  readonly fileName: string;
  /** Capture time on the clock of that place, as if it were UTC; milliseconds since 1970. */
  readonly takenAt: number;
  readonly isVideo: boolean;
  readonly visibility: string;
  /** Those recognised on it, unnamed ones with an empty name; of a partner's asset nobody. */
  readonly people: readonly string[];
}

const detailsSchema = v.object({
  id: idSchema,
  originalFileName: v.string(),
  localDateTime: timeSchema,
  type: v.string(),
  visibility: v.string(),
  people: v.optional(v.array(v.object({ name: v.string() })), []),
});

const shownSchema = v.object({
  id: idSchema,
  fileCreatedAt: timeSchema,
  visibility: v.picklist(VISIBILITIES),
  people: v.optional(v.array(v.unknown()), []),
  unassignedFaces: v.optional(v.array(v.unknown()), []),
});

const pictureSchema = v.instance(Uint8Array);

/** Largest thumbnail that is read; Immich's own have 5 to 40 kB. */
const MAX_THUMBNAIL_BYTES = 256 * 1024;

/** Asks for one asset; needs `asset.read`. */
export async function readAssetDetails(
  http: ImmichHttp,
  id: string,
  signal: AbortSignal,
): Promise<AssetDetails> {
  const answer = await readAsset(http, id, detailsSchema, signal);
  return {
    fileName: answer.originalFileName,
    takenAt: answer.localDateTime,
    isVideo: answer.type === "VIDEO",
    visibility: answer.visibility,
    people: answer.people.map(({ name }) => name),
  };
}

/**
 * How many people one asset shows, and on 2.x how many faces of nobody; it tells of them whether
 * asked to or not. Needs `asset.read`. Its capture time is that of a search's answer.
 */
export async function countShown(
  http: ImmichHttp,
  id: string,
  signal: AbortSignal,
): Promise<{ people: number; unassigned: number; takenAt: number; visibility: Visibility }> {
  const answer = await readAsset(http, id, shownSchema, signal);
  const { people, unassignedFaces, fileCreatedAt: takenAt, visibility } = answer;
  return { people: people.length, unassigned: unassignedFaces.length, takenAt, visibility };
}

async function readAsset<T extends { id: string }>(
  http: ImmichHttp,
  id: string,
  schema: v.GenericSchema<unknown, T>,
  signal: AbortSignal,
): Promise<T> {
  const path = `/assets/${id}`;
  const answer = await http.call({ method: "GET", path, schema, signal });
  if (answer.id === id) return answer;
  throw new ImmichError(
    "answer",
    `GET ${path} was answered with another asset.`,
    "Please report this with the version of your Immich.",
  );
}

/** The file of an asset's thumbnail, as it was edited; asked for once, needs `asset.view`. */
export async function readThumbnail(
  http: ImmichHttp,
  id: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  return await http.call({
    method: "GET",
    path: `/assets/${id}/thumbnail?size=thumbnail&edited=true`,
    schema: pictureSchema,
    maxBytes: MAX_THUMBNAIL_BYTES,
    retry: false,
    signal,
  });
}
