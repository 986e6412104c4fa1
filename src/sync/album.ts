import type { AlbumConfig } from "../config/schema.ts";
import { ExplainedError } from "../errors.ts";
import { type Album, listOwnedAlbums, readAlbum } from "../immich/albums.ts";
import { ImmichError } from "../immich/errors.ts";
import type { ImmichHttp } from "../immich/http.ts";
import { readOwnUserId } from "../immich/users.ts";

/** The album to sync, and who we are. */
export interface Target {
  /** Undefined when there is no album of that name yet. */
  readonly album: Album | undefined;
  /** Undefined when nothing tells, which takes a user without albums and without assets. */
  readonly ownUserId: string | undefined;
}

/**
 * Finds the configured album: by name among the owned ones, by id also among the shared ones.
 *
 * @throws ExplainedError when the name is ambiguous, the id unknown, or we may only look at it
 */
export async function findAlbum(http: ImmichHttp, config: AlbumConfig): Promise<Target> {
  const owned = await listOwnedAlbums(http);
  const owner = owned[0]?.ownerId;
  if (config.by === "name") {
    const album = onlyOne(owned.filter(({ name }) => name === config.name), config.name);
    return { album, ownUserId: owner ?? await readOwnUserId(http) };
  }
  const album = owned.find(({ id }) => id === config.id);
  if (album !== undefined) return { album, ownUserId: owner };
  const shared = await readSharedAlbum(http, config.id);
  const ownUserId = owner ?? await readOwnUserId(http);
  assertEditor(shared, ownUserId);
  return { album: shared, ownUserId };
}

function onlyOne(albums: readonly Album[], name: string): Album | undefined {
  if (albums.length < 2) return albums[0];
  throw new ExplainedError(
    "AlbumError",
    `There are ${albums.length} albums called "${name}": ${albums.map(({ id }) => id).join(", ")}.`,
    "Set ALBUM_ID to the one that is meant, or rename the others in Immich.",
  );
}

async function readSharedAlbum(http: ImmichHttp, id: string): Promise<Album> {
  try {
    return await readAlbum(http, id);
  } catch (error) {
    if (!(error instanceof ImmichError) || error.kind !== "rejected") throw error;
    throw new ExplainedError(
      "AlbumError",
      `There is no album with the id ${id} that the API key may see.`,
      "Set ALBUM_ID to the id in the address of the album's page, or to an album that is shared with you as editor.",
      { cause: error },
    );
  }
}

/** Without knowing who we are the server itself has to refuse. */
function assertEditor(album: Album, ownUserId: string | undefined): void {
  const role = ownUserId === undefined ? undefined : album.roles.get(ownUserId);
  if (role === undefined || role === "editor" || role === "owner") return;
  throw new ExplainedError(
    "AlbumError",
    `The album "${album.name}" is shared with you as ${role}, so that it can't be changed.`,
    "Ask its owner to make you an editor of the album.",
  );
}
