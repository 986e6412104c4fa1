import * as v from "valibot";
import { ImmichError } from "./immich_error.ts";
import { idSchema } from "./asset.ts";
import type { ImmichHttp } from "./http.ts";

const albumUserSchema = v.object({
  user: v.object({ id: idSchema }),
  role: v.string(),
});

const albumSchema = v.object({
  id: idSchema,
  albumName: v.string(),
  assetCount: v.number(),
  /** 2.x only; from 3.0 on the owner is among `albumUsers`. */
  ownerId: v.optional(idSchema),
  albumUsers: v.array(albumUserSchema),
});

const albumsSchema = v.array(albumSchema);

/** The answer to adding or removing album assets: one entry for each id of the request. */
const idResultsSchema = v.array(
  v.object({ id: v.string(), success: v.boolean(), error: v.optional(v.string()) }),
);

/** Only of an album that is shared; how many of its assets belong to whom. */
const contributorsSchema = v.object({
  contributorCounts: v.optional(
    v.array(v.object({ userId: idSchema, assetCount: v.number() })),
  ),
});

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
  /** Immich's word for why not, in one short line without secrets. */
  readonly error?: string;
}

/**
 * All albums that belong to the user of the API key; needs `album.read`.
 *
 * @throws ImmichError also when they belong to several users
 */
export async function listOwnedAlbums(http: ImmichHttp): Promise<Album[]> {
  // isOwned is ignored by 2.x, which lists owned albums only.
  const answer = await http.call({
    method: "GET",
    path: "/albums?isOwned=true",
    schema: albumsSchema,
  });
  const albums = answer.map(toAlbum);
  if (new Set(albums.map(({ ownerId }) => ownerId)).size > 1) throw albumsNotOurs();
  return albums;
}

/** The error for a list of owned albums that has others too, as when a proxy drops the query. */
export function albumsNotOurs(): ImmichError {
  return new ImmichError(
    "answer",
    "The list of albums can't be trusted: only own ones were asked for, but it has other people's.",
    "Nothing was changed. Have the proxy or cache in front of Immich pass on the query of a request.",
  );
}

/** Whether two names can't be told apart by eye: same but for blanks around and Unicode's form. */
export function isSameName(a: string, b: string): boolean {
  return a.normalize("NFC").trim() === b.normalize("NFC").trim();
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
 * How many assets of each user are in a shared album; needs `album.read`. Undefined for an album that
 * is not shared: the server counts only for shared ones.
 */
export async function countContributors(
  http: ImmichHttp,
  albumId: string,
): Promise<ReadonlyMap<string, number> | undefined> {
  const { contributorCounts } = await http.call({
    method: "GET",
    path: `/albums/${albumId}?withoutAssets=true`,
    schema: contributorsSchema,
  });
  return contributorCounts === undefined
    ? undefined
    : new Map(contributorCounts.map(({ userId, assetCount }) => [userId, assetCount]));
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
  const before = await listOwnedAlbums(http);
  const existing = before.find((album) => isSameName(album.name, name));
  if (existing !== undefined) {
    throw new ImmichError(
      "answer",
      `There is an album "${name}" (${existing.id}), which was not in the list of albums before.`,
      "Nothing was changed. Run again, so that the assets in it are looked at first.",
    );
  }
  const known = new Set(before.map(({ id }) => id));
  let lost: unknown;
  return await http.retrying(async () => {
    if (lost !== undefined) {
      const added = (await lookAgain(http)).filter(({ id }) => !known.has(id));
      // Under another name it is ours all the same, unless somebody has made one just now.
      const found = added.find((album) => isSameName(album.name, name)) ??
        added.find(({ assetCount }) => assetCount === 0);
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

/** A list that failed for good has been tried often enough. */
async function lookAgain(http: ImmichHttp): Promise<Album[]> {
  try {
    return await listOwnedAlbums(http);
  } catch (error) {
    if (!(error instanceof ImmichError) || !error.retryable) throw error;
    throw new ImmichError(error.kind, error.message, error.hint, { cause: error });
  }
}

/**
 * Looks at an album that was just created, before anything is put into it.
 *
 * @throws ImmichError when it has another name than was asked for, or is not the only one
 */
export async function assertCreated(
  http: ImmichHttp,
  created: Album,
  name: string,
): Promise<void> {
  if (created.name !== name) {
    throw new ImmichError(
      "answer",
      `The new album should be called "${name}", but Immich calls it "${created.name}" (${created.id}).`,
      `Set ALBUM_ID=${created.id} to use it, so that no other one is created.`,
    );
  }
  const twin = (await listOwnedAlbums(http)).find((album) =>
    album.id !== created.id && isSameName(album.name, name)
  );
  if (twin === undefined) return;
  throw new ImmichError(
    "answer",
    `Two albums called "${name}" were created at the same moment: ${created.id} by this run, and ${twin.id}.`,
    `Delete the album ${created.id} in Immich, which is empty, and run again.`,
  );
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
  const results = await http.call({
    method,
    path: `/albums/${albumId}/assets`,
    body: { ids },
    schema: idResultsSchema,
    finish: true,
  });
  return results.map(({ error, ...result }) =>
    error === undefined ? result : { ...result, error: http.quotable(error) }
  );
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
