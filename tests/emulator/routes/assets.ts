import { mayViewAsset } from "../access.ts";
import { assetAnswer } from "../answers.ts";
import { type Answer, type Call, idOf, ok, type Route } from "../call.ts";
import { noAccess } from "../errors.ts";
import type { Asset } from "../model.ts";

/**
 * Single assets. No recording has them: `get` answers as `@immich/sdk` 2.7.5 and 3.2.2 type it,
 * which is the type of a search's items, and the permissions are those of the published API.
 */
export const ASSET_ROUTES: Route[] = [
  { method: "GET", path: "/api/assets/:id", permission: "asset.read", answer: get },
  { method: "GET", path: "/api/assets/:id/thumbnail", permission: "asset.view", answer: thumbnail },
];

/** With people whether they are asked for or not, but of a partner's asset without (SOURCE). */
function get(call: Call): Answer {
  const asset = requireAsset(call, "asset.read");
  return ok(assetAnswer(asset, call.version.generation, asset.owner === call.user));
}

function thumbnail(call: Call): Answer {
  const { picture } = requireAsset(call, "asset.view");
  const { bytes, contentType } = picture ?? { bytes: TINY_JPEG, contentType: "image/jpeg" };
  return { status: 200, body: bytes, contentType };
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
