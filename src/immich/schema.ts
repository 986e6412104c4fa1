import * as v from "valibot";

// What this program reads of Immich's answers. Whatever is not named here may change freely.

/** Ids end up in requests that change an album, so that nothing but a UUID passes. */
export const idSchema = v.pipe(v.string(), v.uuid());

/** Last millisecond that a `Date` can hold, less a second for what is added to it. */
const MAX_TIME = 8.64e15 - 1000;

/** `2026-11-22T10:00:00.000Z`, to milliseconds since 1970. */
const timeSchema = v.pipe(
  v.string(),
  v.transform((text) => Date.parse(text)),
  v.number(),
  v.minValue(-MAX_TIME),
  v.maxValue(MAX_TIME),
);

export const versionSchema = v.object({
  major: v.number(),
  minor: v.number(),
  patch: v.number(),
});

export const maintenanceSchema = v.object({ maintenanceMode: v.optional(v.boolean(), false) });

const visibilitySchema = v.picklist(["timeline", "archive", "hidden", "locked"]);
export type Visibility = v.InferOutput<typeof visibilitySchema>;

const personOfAssetSchema = v.object({ id: v.string(), name: v.string() });

/** `people` is asked for with `withPeople:true`; an answer without it is no evidence of anything. */
const assetSchema = v.object({
  id: idSchema,
  ownerId: idSchema,
  type: v.string(),
  visibility: visibilitySchema,
  isTrashed: v.boolean(),
  /** Capture time. */
  fileCreatedAt: timeSchema,
  /** Upload time. */
  createdAt: timeSchema,
  people: v.array(personOfAssetSchema),
  /** Faces without a person; only 2.x tells. */
  unassignedFaces: v.optional(v.array(v.unknown())),
});

/** One asset as a search answers it. Times are milliseconds since 1970. */
export type Asset = v.InferOutput<typeof assetSchema>;

export const searchSchema = v.object({
  assets: v.object({
    items: v.array(assetSchema),
    nextPage: v.nullable(v.string()),
    /** The key is there from 3.2 on only, which is how an understood `filter` is told. */
    nextCursor: v.optional(v.nullable(v.string())),
  }),
});

const albumUserSchema = v.object({
  user: v.object({ id: idSchema }),
  role: v.string(),
});

export const albumSchema = v.object({
  id: idSchema,
  albumName: v.string(),
  assetCount: v.number(),
  /** 2.x only; from 3.0 on the owner is among `albumUsers`. */
  ownerId: v.optional(idSchema),
  albumUsers: v.array(albumUserSchema),
});

export const albumsSchema = v.array(albumSchema);

/** The answer to adding or removing album assets: one entry for each id of the request. */
export const idResultsSchema = v.array(
  v.object({ id: v.string(), success: v.boolean(), error: v.optional(v.string()) }),
);

const personSchema = v.object({ id: idSchema, name: v.string() });
export type Person = v.InferOutput<typeof personSchema>;

export const peopleSchema = v.object({
  people: v.array(personSchema),
  hasNextPage: v.optional(v.boolean(), false),
});

export const userSchema = v.object({ id: idSchema });

export const countSchema = v.object({ total: v.pipe(v.number(), v.integer(), v.minValue(0)) });

/** `timeBucket` is the first day of a month. */
export const timeBucketsSchema = v.array(v.object({ timeBucket: timeSchema, count: v.number() }));
export const timeBucketSchema = v.object({ ownerId: v.array(idSchema) });
