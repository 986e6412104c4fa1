import * as v from "valibot";
import { type Asset, MAX_TIME, parseAsset } from "./asset.ts";

// What this program reads of Immich's answers. Whatever is not named here may change freely.

/** Ids end up in requests that change an album, so that nothing but a UUID passes. */
export const idSchema = v.pipe(v.string(), v.uuid());

/** `2026-11-22T10:00:00.000Z`, to milliseconds since 1970. */
export const timeSchema = v.pipe(
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

export const searchSchema = v.object({
  assets: v.object({
    items: assetsSchema,
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
  total: v.optional(v.number()),
});

export const apiKeySchema = v.object({ name: v.string(), permissions: v.array(v.string()) });

/** Only of an album that is shared; how many of its assets belong to whom. */
export const contributorsSchema = v.object({
  contributorCounts: v.optional(
    v.array(v.object({ userId: idSchema, assetCount: v.number() })),
  ),
});

export const userSchema = v.object({ id: idSchema });

export const countSchema = v.object({ total: v.pipe(v.number(), v.integer(), v.minValue(0)) });
