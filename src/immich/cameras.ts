import * as v from "valibot";
import type { ImmichHttp } from "./http.ts";
import { idSchema } from "./asset.ts";
import { ImmichError } from "./immich_error.ts";
import { MAX_PAGE_SIZE, withoutTrash } from "./search_page.ts";
import type { Server } from "./server.ts";

const assetSchema = v.object({
  id: idSchema,
  exifInfo: v.nullish(v.object({ make: v.nullish(v.string()), model: v.nullish(v.string()) })),
});
const pageSchema = v.object({ assets: v.object({ items: v.array(assetSchema) }) });

/** How many models of cameras the timeline was taken with, without the archive; unknown ones aside. */
export async function countCameraModels(http: ImmichHttp, signal: AbortSignal): Promise<number> {
  const path = "/search/suggestions?type=camera-model";
  const models = await http.call({ method: "GET", path, schema: modelsSchema, signal });
  return models.filter((model) => model !== null && model !== "").length;
}

const modelsSchema = v.array(v.nullable(v.string()));

/** The camera of one asset, 11 ms; undefined when it is not known, or the asset has gone meanwhile. */
export async function readCamera(
  http: ImmichHttp,
  assetId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const path = `/assets/${assetId}`;
  try {
    return cameraOf(await http.call({ method: "GET", path, schema: assetSchema, signal }));
  } catch (error) {
    if (error instanceof ImmichError && error.kind === "rejected") return undefined;
    throw error;
  }
}

/** From one time to another, both included, in milliseconds since 1970. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * The cameras of the assets of the timeline, and with structured search of the archive too, taken in
 * this time, by asset id; without those of which no camera is known. At most 1,000 assets are looked
 * at.
 *
 * Not a part of the listing: with `withExif` a flat search leaves out every asset whose metadata
 * have not been read, on all versions, and a page takes up to twice the time.
 */
export async function readCameras(
  http: ImmichHttp,
  { structuredSearch }: Server,
  { from, to }: TimeSpan,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const gte = new Date(from).toISOString();
  // Answers are in milliseconds, what is compared in microseconds.
  const lte = new Date(to + 1).toISOString();
  const shown = withoutTrash({ visibility: { in: ["timeline", "archive"] } });
  const scope = structuredSearch
    ? { filter: { ...shown, takenAt: { gte, lte } } }
    : { visibility: "timeline", takenAfter: gte, takenBefore: lte };
  const { assets } = await http.call({
    method: "POST",
    path: "/search/metadata",
    body: { ...scope, withExif: true, size: MAX_PAGE_SIZE },
    schema: pageSchema,
    signal,
  });
  return new Map(assets.items.flatMap((asset) => {
    const camera = cameraOf(asset);
    return camera === undefined ? [] : [[asset.id, camera]];
  }));
}

function cameraOf({ exifInfo }: v.InferOutput<typeof assetSchema>): string | undefined {
  return [exifInfo?.make, exifInfo?.model].filter((word) => word).join(" ") || undefined;
}
