import type { AlbumConfig } from "../config/config.ts";
import { ExplainedError } from "../errors.ts";
import {
  type Album,
  albumsNotOurs,
  isSameName,
  listOwnedAlbums,
  readAlbum,
} from "../immich/albums.ts";
import { ImmichError } from "../immich/immich_error.ts";
import type { ImmichHttp } from "../immich/http.ts";
import { readOwnUserId } from "../immich/server.ts";

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
  const ownUserId = await readOwner(http, owned);
  if (config.by === "name") return { album: albumCalled(config.name, owned), ownUserId };
  const album = owned.find(({ id }) => id === config.id);
  if (album !== undefined) return { album, ownUserId };
  const shared = await readSharedAlbum(http, config.id);
  assertEditor(shared, ownUserId);
  return { album: shared, ownUserId };
}

/**
 * Who we are. Whoever owns the albums in the list is us, if the server kept to what it was asked for:
 * an album that is shared with nobody shows that, for only its owner sees it.
 */
async function readOwner(
  http: ImmichHttp,
  owned: readonly Album[],
): Promise<string | undefined> {
  const isUnshared = ({ roles, ownerId }: Album) => [...roles.keys()].every((id) => id === ownerId);
  const proof = owned.find(isUnshared);
  if (proof !== undefined) return proof.ownerId;
  const ownUserId = await readOwnUserId(http);
  if (ownUserId !== undefined && owned.some(({ ownerId }) => ownerId !== ownUserId)) {
    throw albumsNotOurs();
  }
  return ownUserId;
}

function albumCalled(name: string, owned: readonly Album[]): Album | undefined {
  const [album, ...others] = owned.filter((one) => one.name === name);
  if (others.length > 0 && album !== undefined) {
    const list = [album, ...others].map(({ id, assetCount }) => `${id} (assets: ${assetCount})`);
    throw new ExplainedError(
      "AlbumError",
      `There are ${list.length} albums called "${name}": ${list.join(", ")}.`,
      "Set ALBUM_ID to the one you mean, or rename or delete the others in Immich.",
    );
  }
  const twin = owned.find((one) => isSameName(one.name, name));
  if (album !== undefined || twin === undefined) return album;
  throw new ExplainedError(
    "AlbumError",
    `There is no album called "${name}", but one whose name looks the same (${twin.id}): it differs only in surrounding blanks or in its Unicode form.`,
    `Set ALBUM_ID=${twin.id} to use that album, or rename it in Immich.`,
  );
}

async function readSharedAlbum(http: ImmichHttp, id: string): Promise<Album> {
  try {
    return await readAlbum(http, id);
  } catch (error) {
    if (!(error instanceof ImmichError) || error.status !== 400) throw error;
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
    `The album "${album.name}" is shared with you as ${role}, so it cannot be changed.`,
    "Ask its owner to make you an editor of the album.",
  );
}
