import { ApiError } from "./errors.ts";
import type { ApiKey } from "./model.ts";
import type { World } from "./world.ts";

/** The permissions of the smallest key that syncs. */
export const MINIMAL_PERMISSIONS = [
  "asset.read",
  "album.read",
  "album.create",
  "albumAsset.create",
  "albumAsset.delete",
];

/**
 * The key a request comes with.
 * @throws ApiError 401 if there is none, or an unknown one
 */
export function requireKey(world: World, secret: string | null): ApiKey {
  if (secret === null || secret === "") throw new ApiError(401, "Authentication required");
  const key = world.keys.get(secret);
  if (key === undefined) throw new ApiError(401, "Invalid API key");
  return key;
}

/** @throws ApiError 403, naming the permission, if the key lacks it */
export function requirePermission(key: ApiKey, permission: string): void {
  if (key.permissions.includes("all") || key.permissions.includes(permission)) return;
  throw new ApiError(403, `Missing required permission: ${permission}`);
}
