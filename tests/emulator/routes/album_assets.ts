import { mayShareAsset, mayUseAlbum, requireAlbum } from "../access.ts";
import { type Answer, type Call, idOf, ok, type Route } from "../call.ts";
import { uuids } from "../fields.ts";
import type { Asset } from "../model.ts";
import { bodyFields, FieldReading } from "../reading.ts";
import { nowMicros } from "../time.ts";
import { mendThumbnail, requireAlbumToAddTo } from "./albums.ts";

/** The assets of albums. */
export const ALBUM_ASSET_ROUTES: Route[] = [
  // Before the route with an id, which would take "assets" for one.
  { method: "PUT", path: "/api/albums/assets", permission: "albumAsset.create", answer: addToMany },
  { method: "PUT", path: "/api/albums/:id/assets", permission: "albumAsset.create", answer: add },
  {
    method: "DELETE",
    path: "/api/albums/:id/assets",
    permission: "albumAsset.delete",
    answer: remove,
  },
];

type Result = { id: string; success: boolean; error?: "duplicate" | "no_permission" | "not_found" };

function add(call: Call): Answer {
  const id = idOf(call);
  const ids = readIds(call, "ids");
  const album = requireAlbumToAddTo(call, id);
  const results = ids.map((id): Result => {
    const asset = call.world.assets.get(id);
    if (asset !== undefined && album.assets.has(asset)) {
      return { id, success: false, error: "duplicate" };
    }
    if (asset === undefined || !mayShareAsset(call.world, call.user, asset)) {
      return { id, success: false, error: "no_permission" };
    }
    album.assets.add(asset);
    album.thumbnail ??= asset;
    album.updatedAt = nowMicros();
    return { id, success: true };
  });
  return ok(results);
}

function remove(call: Call): Answer {
  const id = idOf(call);
  const ids = readIds(call, "ids");
  const { world, user } = call;
  const album = requireAlbum(world, user, id, "albumAsset.delete");
  const results = ids.map((id): Result => {
    const asset = world.assets.get(id);
    if (asset === undefined || !album.assets.has(asset)) {
      return { id, success: false, error: "not_found" };
    }
    if (album.owner !== user && !mayShareAsset(world, user, asset)) {
      return { id, success: false, error: "no_permission" };
    }
    album.assets.delete(asset);
    album.updatedAt = nowMicros();
    return { id, success: true };
  });
  mendThumbnail(album);
  return ok(results);
}

/** One answer for all: no word on which album or asset was left out. */
function addToMany(call: Call): Answer {
  const { world, user } = call;
  const albumIds = readIds(call, "albumIds");
  const assetIds = readIds(call, "assetIds");
  const assets: Asset[] = assetIds.flatMap((id) => world.assets.get(id) ?? [])
    .filter((asset) => mayShareAsset(world, user, asset));
  const albums = albumIds.flatMap((id) => world.albums.get(id) ?? [])
    .filter((album) => mayUseAlbum(album, user, "albumAsset.create"));
  if (albums.length === 0 || assets.length === 0) {
    return ok({ success: false, error: "no_permission" });
  }
  let added = 0;
  for (const album of albums) {
    for (const asset of assets) {
      if (album.assets.has(asset)) continue;
      album.assets.add(asset);
      album.thumbnail ??= asset;
      added++;
    }
  }
  return ok(added > 0 ? { success: true } : { success: false, error: "duplicate" });
}

function readIds(call: Call, name: string): string[] {
  const reading = new FieldReading(bodyFields(call.body, call.version.generation));
  const ids = reading.required(name, uuids, []);
  reading.done();
  return ids;
}
