import { mayShareAsset, mayUseAlbum, requireAlbum } from "../access.ts";
import { albumAnswer } from "../answers.ts";
import { type Answer, type Call, idOf, ok, queryFields, type Route } from "../call.ts";
import { ApiError } from "../errors.ts";
import { queryBoolean, string, uuid, uuids } from "../fields.ts";
import type { Album, User } from "../model.ts";
import { bodyFields, FieldReading } from "../reading.ts";
import { nowMicros } from "../time.ts";
import type { World } from "../world.ts";

/** `/albums` without their assets. */
export const ALBUM_ROUTES: Route[] = [
  { method: "GET", path: "/api/albums", permission: "album.read", answer: list },
  { method: "POST", path: "/api/albums", permission: "album.create", answer: create },
  { method: "GET", path: "/api/albums/:id", permission: "album.read", answer: get },
  { method: "PATCH", path: "/api/albums/:id", permission: "album.update", answer: update },
  { method: "DELETE", path: "/api/albums/:id", permission: "album.delete", answer: remove },
];

function list(call: Call): Answer {
  const { world, user, version } = call;
  const find = version.generation === "2.x" ? findAlbumsAsV2 : findAlbums;
  const albums = find(world, user, queryFields(call))
    .sort((a, b) => b.createdAt - a.createdAt);
  return ok(albums.map((album) => albumAnswer(album, version.generation, "list", false)));
}

/** 2.x: owned albums, unless `shared` or `assetId` asks otherwise; other parameters are ignored. */
function findAlbumsAsV2(world: World, user: User, query: Record<string, unknown>): Album[] {
  const reading = new FieldReading(query);
  const shared = reading.optional("shared", queryBoolean);
  const assetId = reading.optional("assetId", uuid);
  reading.done();
  const albums = [...world.albums.values()].filter((album) =>
    mayUseAlbum(album, user, "album.read")
  );
  if (assetId !== undefined) return withAsset(albums, world, assetId);
  if (shared === true) return albums.filter(({ users }) => users.size > 0);
  const owned = albums.filter(({ owner }) => owner === user);
  return shared === false ? owned.filter(({ users }) => users.size === 0) : owned;
}

/** 3.x: owned and shared albums; `isOwned`, `isShared`, `name` and `assetId` narrow that. */
function findAlbums(world: World, user: User, query: Record<string, unknown>): Album[] {
  const reading = new FieldReading(query);
  const isOwned = reading.optional("isOwned", queryBoolean);
  const isShared = reading.optional("isShared", queryBoolean);
  const name = reading.optional("name", string);
  const assetId = reading.optional("assetId", uuid);
  reading.done();
  const albums = [...world.albums.values()].filter((album) =>
    mayUseAlbum(album, user, "album.read") &&
    (isOwned === undefined || (album.owner === user) === isOwned) &&
    (isShared === undefined || (album.users.size > 0) === isShared) &&
    (name === undefined || album.name === name)
  );
  return assetId === undefined ? albums : withAsset(albums, world, assetId);
}

function withAsset(albums: Album[], world: World, assetId: string): Album[] {
  const asset = world.assets.get(assetId);
  return asset === undefined ? [] : albums.filter(({ assets }) => assets.has(asset));
}

function create(call: Call): Answer {
  const { world, user, version } = call;
  const reading = new FieldReading(bodyFields(call.body, version.generation));
  const name = reading.required("albumName", string, "");
  const description = reading.optional("description", string) ?? "";
  const assetIds = reading.optional("assetIds", uuids) ?? [];
  reading.done();
  // What may not be added is left out without a word.
  const assets = assetIds.flatMap((id) => world.assets.get(id) ?? [])
    .filter((asset) => mayShareAsset(world, user, asset));
  const album = world.addAlbum({ owner: user, name, assets });
  album.description = description;
  album.createdAt = album.updatedAt = nowMicros();
  return { status: 201, body: albumAnswer(album, version.generation, "created", true) };
}

function get(call: Call): Answer {
  const album = requireAlbum(call.world, call.user, idOf(call), "album.read");
  const withAssets = call.query.get("withoutAssets") !== "true";
  return ok(albumAnswer(album, call.version.generation, "get", withAssets));
}

function update(call: Call): Answer {
  const album = requireAlbum(call.world, call.user, idOf(call), "album.update");
  const reading = new FieldReading(bodyFields(call.body, call.version.generation));
  const name = reading.optional("albumName", string);
  const description = reading.optional("description", string);
  reading.done();
  album.name = name ?? album.name;
  album.description = description ?? album.description;
  album.updatedAt = nowMicros();
  return ok(albumAnswer(album, call.version.generation, "list", false));
}

function remove(call: Call): Answer {
  call.world.removeAlbum(requireAlbum(call.world, call.user, idOf(call), "album.delete"));
  return { status: 204 };
}

/** The cover must be a member: takes another asset if it no longer is. */
export function mendThumbnail(album: Album): void {
  if (album.thumbnail !== null && album.assets.has(album.thumbnail)) return;
  album.thumbnail = album.assets.values().next().value ?? null;
}

/** PUT names an unknown album so, and otherwise like everything else. */
export function requireAlbumToAddTo(call: Call, id: string): Album {
  if (!call.world.albums.has(id)) throw new ApiError(400, "Album not found");
  return requireAlbum(call.world, call.user, id, "albumAsset.create");
}
