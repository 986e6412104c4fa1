import { noAccess } from "./errors.ts";
import type { Album, Asset, User } from "./model.ts";
import type { World } from "./world.ts";

export type AlbumPermission =
  | "album.read"
  | "album.update"
  | "album.delete"
  | "albumAsset.create"
  | "albumAsset.delete";

/** The user and the partners who share their timeline with him: whose assets a search covers. */
export function ownersInSearch(world: World, user: User): User[] {
  const partners = world.partners.filter(({ to, inTimeline }) => to === user && inTimeline);
  return [user, ...partners.map(({ from }) => from)];
}

export function mayUseAlbum(album: Album, user: User, permission: AlbumPermission): boolean {
  if (album.owner === user) return true;
  const role = album.users.get(user);
  if (role === undefined || permission === "album.update" || permission === "album.delete") {
    return false;
  }
  return permission === "album.read" || role === "editor";
}

/**
 * The album, if the user may do that with it.
 * @throws ApiError 400, whether it is unknown or foreign: the server does not tell
 */
export function requireAlbum(
  world: World,
  user: User,
  id: string,
  permission: AlbumPermission,
): Album {
  const album = world.albums.get(id);
  if (album === undefined || !mayUseAlbum(album, user, permission)) throw noAccess(permission);
  return album;
}

/**
 * Whether the user may put the asset into an album: his own unless locked, and what a partner shows
 * in his timeline (SOURCE: or hides as part of a live photo). Seeing it in a shared album isn't enough.
 */
export function mayShareAsset(world: World, user: User, asset: Asset): boolean {
  if (asset.owner === user) return asset.visibility !== "locked";
  if (asset.trashedAt !== null) return false;
  if (asset.visibility !== "timeline" && asset.visibility !== "hidden") return false;
  return world.partners.some(({ from, to }) => from === asset.owner && to === user);
}

/** Whether the user may look at the asset itself, like at its thumbnail; at his own in any case. */
export function mayViewAsset(world: World, user: User, asset: Asset): boolean {
  if (asset.owner === user || mayShareAsset(world, user, asset)) return true;
  for (const album of world.albums.values()) {
    if (album.assets.has(asset) && mayUseAlbum(album, user, "album.read")) return true;
  }
  return false;
}
