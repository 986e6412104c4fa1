import { mayViewAsset } from "../access.ts";
import { singleAssetAnswer } from "../answers.ts";
import { type Answer, type Call, idOf, ok, queryFields, type Route } from "../call.ts";
import { ApiError, noAccess, notEmulated } from "../errors.ts";
import { oneOf, queryBoolean } from "../fields.ts";
import type { Asset } from "../model.ts";
import { FieldReading } from "../reading.ts";

/** Single assets, and their thumbnails. */
export const ASSET_ROUTES: Route[] = [
  { method: "GET", path: "/api/assets/:id", permission: "asset.read", answer: get },
  { method: "GET", path: "/api/assets/:id/thumbnail", permission: "asset.view", answer: thumbnail },
];

/** With people whether they are asked for or not, but of another's asset without. */
function get(call: Call): Answer {
  const asset = requireAsset(call, "asset.read");
  return ok(singleAssetAnswer(asset, call.version.generation, asset.owner === call.user));
}

function thumbnail(call: Call): Answer {
  const asset = requireAsset(call, "asset.view");
  const reading = new FieldReading(queryFields(call));
  const size = reading.optional(
    "size",
    oneOf<"original" | "fullsize" | "preview" | "thumbnail">(
      ...["original", "fullsize", "preview", "thumbnail"] as const,
    ),
  ) ?? "thumbnail";
  const edited = reading.optional("edited", queryBoolean) ?? false;
  reading.done();
  if (size === "original" || size === "fullsize") throw notEmulated(`thumbnails of size ${size}`);
  const { missingThumbnails: missing, picture, editedPicture } = asset;
  if (missing === "all" || missing === size) {
    throw new ApiError(404, "Asset media not found");
  }
  if (missing === "lost") return lostFile(call);
  const shown = (edited ? editedPicture : undefined) ?? picture;
  const { bytes, contentType } = shown ?? { bytes: TINY_JPEG, contentType: "image/jpeg" };
  return { status: 200, body: bytes, contentType };
}

/** 2.x has begun to send a picture when it notices, and answers with the type of that. */
function lostFile({ version }: Call): Answer {
  if (version.generation !== "2.x") throw new ApiError(404, "Not Found");
  const body = { message: "Internal server error", statusCode: 500, correlationId: "0gf5rk1o" };
  return {
    status: 500,
    body: new TextEncoder().encode(JSON.stringify(body)),
    contentType: "image/webp; charset=utf-8",
  };
}

function requireAsset(call: Call, permission: string): Asset {
  const asset = call.world.assets.get(idOf(call));
  if (asset === undefined || !mayViewAsset(call.world, call.user, asset)) {
    throw noAccess(permission);
  }
  return asset;
}

/** A JPEG of one pixel. */
const TINY_JPEG = Uint8Array.fromBase64(
  "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////" +
    "////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAA" +
    "AAAAAAAAAAD/2gAIAQEAAD8AN//Z",
);
