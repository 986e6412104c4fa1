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

/** From one time to another, both included, in milliseconds since 1970. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * The cameras of the assets of the timeline taken in these times, oldest first, by asset id; without
 * those of which no camera is known. At most 1,000 assets are looked at, and only from 3.2 on can
 * more than one range be asked for.
 *
 * Not a part of the listing: with `withExif` a flat search leaves out every asset whose metadata
 * have not been read, on all versions, and a page takes up to twice the time.
 */
export async function readCameras(
  http: ImmichHttp,
  { structuredSearch }: Server,
  ranges: readonly TimeSpan[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const taken = (from: number, to: number) => ({
    gte: new Date(from).toISOString(),
    // Answers are in milliseconds, what is compared in microseconds.
    lte: new Date(to + 1).toISOString(),
  });
  const whole = taken(ranges[0]?.from ?? 0, ranges.at(-1)?.to ?? 0);
  const scope = structuredSearch
    ? {
      filter: {
        ...withoutTrash({ visibility: { in: ["timeline"] } }),
        takenAt: whole,
        or: ranges.map(({ from, to }) => ({ takenAt: taken(from, to) })),
      },
    }
    : { visibility: "timeline", takenAfter: whole.gte, takenBefore: whole.lte };
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
