import * as v from "valibot";
import type { ImmichHttp } from "./http.ts";
import { idSchema } from "./asset.ts";

/** A face that Immich has found: where, in pixels of a picture of that size, not of the asset. */
export const faceSchema = v.object({
  boundingBoxX1: v.number(),
  boundingBoxY1: v.number(),
  boundingBoxX2: v.number(),
  boundingBoxY2: v.number(),
  imageWidth: v.number(),
  imageHeight: v.number(),
});
export type Face = v.InferOutput<typeof faceSchema>;

const facesSchema = v.array(
  v.object({ ...faceSchema.entries, person: v.nullable(v.object({ id: idSchema })) }),
);

/** The faces of an asset that belong to nobody; needs `face.read`. Of a partner's asset all do. */
export async function readFacesOfNobody(
  http: ImmichHttp,
  assetId: string,
  signal: AbortSignal,
): Promise<Face[]> {
  const path = `/faces?id=${assetId}`;
  const faces = await http.call({ method: "GET", path, schema: facesSchema, signal });
  return faces.filter(({ person }) => person === null);
}
