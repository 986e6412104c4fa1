import type * as v from "valibot";
import { ImmichError } from "./errors.ts";
import type { ImmichHttp } from "./http.ts";
import { albumSchema, albumsSchema, idResultsSchema } from "./schema.ts";

export interface Album {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  /** Assets that are not hidden and not in the trash, of any owner. */
  readonly assetCount: number;
  /** Role of each user that the album is shared with; from 3.0 on the owner stands there too. */
  readonly roles: ReadonlyMap<string, string>;
}

/** What became of one id of a request that adds or removes assets. */
export interface IdResult {
  readonly id: string;
  readonly success: boolean;
  readonly error?: string | undefined;
}

/** All albums that belong to the user of the API key; needs `album.read`. */
export async function listOwnedAlbums(http: ImmichHttp): Promise<Album[]> {
  // isOwned is ignored by 2.x, which lists owned albums only.
  const albums = await http.call({
    method: "GET",
    path: "/albums?isOwned=true",
    schema: albumsSchema,
  });
  return albums.map(toAlbum);
}

/**
 * One album, also of another owner when it is shared with us; needs `album.read`.
 *
 * @throws ImmichError of kind `rejected` when there is no such album for us
 */
export async function readAlbum(http: ImmichHttp, id: string): Promise<Album> {
  // 2.x would send all assets along: 89 MB for 61,101 of them.
  const path = `/albums/${id}?withoutAssets=true`;
  return toAlbum(await http.call({ method: "GET", path, schema: albumSchema }));
}

/**
 * Creates an album; needs `album.create`. Names are not unique, and a second album of the name would
 * be in the way for good. So it is looked for right before, in case that an earlier list was not
 * true any more, or never was; and a creation whose answer got lost is looked for before it is tried
 * again. After a timeout it is only looked for: the server may still be at it, and if it is not, the
 * next run will see.
 *
 * @throws ImmichError also when there is such an album although there was none before
 */
export async function createAlbum(http: ImmichHttp, name: string): Promise<Album> {
  const find = async () => (await listOwnedAlbums(http)).find((album) => album.name === name);
  const existing = await find();
  if (existing !== undefined) {
    throw new ImmichError(
      "answer",
      `There is an album "${name}" (${existing.id}), which was not in the list of albums before.`,
      "Nothing was changed. Run again, so that the assets in it are looked at first.",
    );
  }
  let lost: unknown;
  return await http.retrying(async () => {
    if (lost !== undefined) {
      const found = await find();
      if (found !== undefined) return found;
      if (lost instanceof ImmichError && lost.kind === "timeout") throw lost;
    }
    try {
      return toAlbum(
        await http.call({
          method: "POST",
          path: "/albums",
          body: { albumName: name },
          schema: albumSchema,
          retry: false,
          finish: true,
        }),
      );
    } catch (error) {
      lost = error;
      throw error;
    }
  });
}

/** Adds assets to an album; needs `albumAsset.create`. At most about 250,000 ids fit a request. */
export async function addAssets(
  http: ImmichHttp,
  albumId: string,
  ids: readonly string[],
): Promise<IdResult[]> {
  return await changeAssets(http, "PUT", albumId, ids);
}

/** Takes assets out of an album; needs `albumAsset.delete`. The assets themselves stay. */
export async function removeAssets(
  http: ImmichHttp,
  albumId: string,
  ids: readonly string[],
): Promise<IdResult[]> {
  return await changeAssets(http, "DELETE", albumId, ids);
}

async function changeAssets(
  http: ImmichHttp,
  method: "PUT" | "DELETE",
  albumId: string,
  ids: readonly string[],
): Promise<IdResult[]> {
  return await http.call({
    method,
    path: `/albums/${albumId}/assets`,
    body: { ids },
    schema: idResultsSchema,
    finish: true,
  });
}

function toAlbum(answer: v.InferOutput<typeof albumSchema>): Album {
  const ownerId = answer.ownerId ??
    answer.albumUsers.find(({ role }) => role === "owner")?.user.id;
  if (ownerId === undefined) {
    throw new ImmichError(
      "answer",
      `The owner of the album ${answer.id} can't be told from the server's answer.`,
      "Please report this with the version of your Immich.",
    );
  }
  return {
    id: answer.id,
    name: answer.albumName,
    ownerId,
    assetCount: answer.assetCount,
    roles: new Map(answer.albumUsers.map(({ user, role }) => [user.id, role])),
  };
}
