import * as v from "valibot";
import type { ImmichHttp } from "./http.ts";
import { idSchema } from "./asset.ts";
import { MAX_PAGE_SIZE, withoutTrash } from "./search_page.ts";
import type { Server } from "./server.ts";

const camerasSchema = v.object({
  assets: v.object({
    items: v.array(v.object({
      id: idSchema,
      exifInfo: v.nullish(v.object({ make: v.nullish(v.string()), model: v.nullish(v.string()) })),
    })),
  }),
});

/** How many models of cameras the user's assets were taken with; those not known aside. */
export async function countCameraModels(http: ImmichHttp, signal: AbortSignal): Promise<number> {
  const path = "/search/suggestions?type=camera-model";
  const models = await http.call({ method: "GET", path, schema: modelsSchema, signal });
  return models.filter((model) => model !== null && model !== "").length;
}

const modelsSchema = v.array(v.nullable(v.string()));

/**
 * The cameras of the assets of the timeline taken between two times, both included, by asset id;
 * without those of which no camera is known. At most 1,000 assets are looked at.
 *
 * Not a part of the listing: with `withExif` a flat search leaves out every asset whose metadata
 * have not been read, on all versions, and a page takes up to twice the time.
 */
export async function readCameras(
  http: ImmichHttp,
  { structuredSearch }: Server,
  { from, to }: { readonly from: number; readonly to: number },
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const [gte, lte] = [new Date(from).toISOString(), new Date(to + 1).toISOString()];
  const filter = withoutTrash({ visibility: { in: ["timeline"] } });
  const scope = structuredSearch
    ? { filter: { ...filter, takenAt: { gte, lte } } }
    : { visibility: "timeline", takenAfter: gte, takenBefore: lte };
  const { assets } = await http.call({
    method: "POST",
    path: "/search/metadata",
    body: { ...scope, withExif: true, size: MAX_PAGE_SIZE },
    schema: camerasSchema,
    signal,
  });
  return new Map(assets.items.flatMap(({ id, exifInfo }) => {
    const camera = [exifInfo?.make, exifInfo?.model].filter((word) => word);
    return camera.length === 0 ? [] : [[id, camera.join(" ")]];
  }));
}
