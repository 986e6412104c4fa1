import * as v from "valibot";

/** What is in Immich's answers about one asset, as far as this program reads it. */
export interface Asset {
  readonly id: string;
  readonly ownerId: string;
  /** `IMAGE` or `VIDEO`; Immich has names for more. */
  readonly type: string;
  readonly visibility: Visibility;
  readonly isTrashed: boolean;
  /** Capture time, in milliseconds since 1970. */
  readonly fileCreatedAt: number;
  /** Upload time, in milliseconds since 1970. */
  readonly createdAt: number;
  readonly people: readonly { readonly id: string; readonly name: string }[];
  /** Faces without a person; only 2.x tells. */
  readonly unassignedFaces?: readonly unknown[];
  // What only `missed` looks at; a search has all of it.
  readonly originalFileName?: string | undefined;
  /** Capture time on the clock of that place, as if it were UTC: `2026-11-22T10:00:00.000Z`. */
  readonly localDateTime?: string | undefined;
  /** What the assets of one group of duplicates have in common. */
  readonly duplicateId?: string | undefined;
}

export const VISIBILITIES = ["timeline", "archive", "hidden", "locked"] as const;
export type Visibility = typeof VISIBILITIES[number];

/** Last millisecond that a `Date` can hold, less a second for what is added to it. */
const MAX_TIME = 8.64e15 - 1000;

/** The field that is not as Immich answers it. */
interface WrongAsset {
  readonly wrong: string;
  readonly expected: string;
  readonly received: string;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Ids end up in requests that change an album, so that nothing but a UUID passes. */
export function isUuid(input: unknown): input is string {
  return typeof input === "string" && UUID.test(input);
}

/**
 * Parses one asset of an answer. By hand, since this is done a million times: valibot took three
 * times as long as parsing the JSON, this a small part of it.
 *
 * @param knownOwnerId a valid one, which most assets of an answer have in common
 */
function parseAsset(input: unknown, knownOwnerId?: string): Asset | WrongAsset {
  if (typeof input !== "object" || input === null) return wrong("", "an asset", input);
  const asset: Partial<Record<keyof Asset, unknown>> = input;
  const { id, ownerId, type, isTrashed, people, unassignedFaces } = asset;
  if (!isUuid(id)) return wrong("id", "UUID", id);
  if (typeof ownerId !== "string" || (ownerId !== knownOwnerId && !UUID.test(ownerId))) {
    return wrong("ownerId", "UUID", ownerId);
  }
  if (typeof type !== "string") return wrong("type", "string", type);
  if (typeof isTrashed !== "boolean") return wrong("isTrashed", "boolean", isTrashed);
  const visibility = VISIBILITIES.find((one) => one === asset.visibility);
  if (visibility === undefined) {
    return wrong("visibility", VISIBILITIES.join(" | "), asset.visibility);
  }
  const fileCreatedAt = parseTime(asset.fileCreatedAt);
  if (fileCreatedAt === undefined) return wrong("fileCreatedAt", "time", asset.fileCreatedAt);
  const createdAt = parseTime(asset.createdAt);
  if (createdAt === undefined) return wrong("createdAt", "time", asset.createdAt);
  // Asked for with withPeople:true; an answer without it is no evidence of anything.
  if (!isPeople(people)) return wrong("people", "Array", people);
  const base = {
    id,
    ownerId,
    type,
    visibility,
    isTrashed,
    fileCreatedAt,
    createdAt,
    people,
    originalFileName: textOf(asset.originalFileName),
    localDateTime: textOf(asset.localDateTime),
    duplicateId: textOf(asset.duplicateId),
  };
  if (unassignedFaces === undefined) return base;
  if (!Array.isArray(unassignedFaces)) return wrong("unassignedFaces", "Array", unassignedFaces);
  return { ...base, unassignedFaces };
}

function textOf(input: unknown): string | undefined {
  return typeof input === "string" ? input : undefined;
}

/** `2026-11-22T10:00:00.000Z`, to milliseconds since 1970. */
function parseTime(input: unknown): number | undefined {
  if (typeof input !== "string") return undefined;
  const time = Date.parse(input);
  return Math.abs(time) <= MAX_TIME ? time : undefined;
}

function isPeople(input: unknown): input is Asset["people"] {
  return Array.isArray(input) &&
    input.every((person: unknown) =>
      typeof person === "object" && person !== null &&
      "id" in person && typeof person.id === "string" &&
      "name" in person && typeof person.name === "string"
    );
}

function wrong(field: string, expected: string, received: unknown): WrongAsset {
  return { wrong: field, expected, received: String(received) };
}

/** See {@link isUuid}. */
export const idSchema = v.pipe(v.string(), v.uuid());

/** `2026-11-22T10:00:00.000Z`, to milliseconds since 1970. */
export const timeSchema = v.pipe(
  v.string(),
  v.transform((text) => Date.parse(text)),
  v.number(),
  v.minValue(-MAX_TIME),
  v.maxValue(MAX_TIME),
);

/** The assets of an answer, see `parseAsset` for why they have a parser of their own. */
export const assetsSchema = v.pipe(
  v.array(v.unknown()),
  v.rawTransform<unknown[], Asset[]>(({ dataset, addIssue, NEVER }) => {
    const assets: Asset[] = [];
    for (const [index, input] of dataset.value.entries()) {
      const asset = parseAsset(input, assets.at(-1)?.ownerId);
      if (!("wrong" in asset)) {
        assets.push(asset);
        continue;
      }
      const { wrong, expected, received } = asset;
      addIssue({
        expected,
        received,
        path: [
          { type: "array", origin: "value", input: dataset.value, key: index, value: input },
          { type: "object", origin: "value", input: {}, key: wrong, value: undefined },
        ],
      });
      return NEVER;
    }
    return assets;
  }),
);
