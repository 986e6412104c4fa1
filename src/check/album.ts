import type { Config } from "../config/config.ts";
import { type Album, countContributors } from "../immich/albums.ts";
import type { ImmichHttp } from "../immich/http.ts";
import { listAssets } from "../immich/search.ts";
import type { Server } from "../immich/server.ts";
import type { Target } from "../sync/find_album.ts";
import { type Finding, ok, warning } from "./finding.ts";
import { count, number } from "../text.ts";

/** Up to so many assets an album is read to see whose they are; more would take too long. */
const MAX_READ = 5000;

export interface AlbumInput {
  readonly http: ImmichHttp;
  readonly config: Config;
  readonly server: Server;
  readonly target: Target;
}

/** The album that a run would keep: whose it is, how large, with whom it is shared. */
export async function checkAlbum(input: AlbumInput): Promise<Finding> {
  const { config, target: { album, ownUserId } } = input;
  if (album === undefined) {
    const name = config.album.by === "name" ? JSON.stringify(config.album.name) : config.album.id;
    if (config.mode !== "remove-only") {
      return ok("album", `${name} does not exist yet; the first run makes it`);
    }
    return warning(
      "album",
      `${name} does not exist, and SYNC_MODE=remove-only makes none`,
      "Set ALBUM_NAME or ALBUM_ID to an album of yours, or SYNC_MODE to mirror.",
    );
  }
  const foreign = await countForeign(input, album);
  const others = [...album.roles.keys()].filter((user) => user !== album.ownerId).length;
  const parts = [
    `${JSON.stringify(album.name)} (${album.id})`,
    album.ownerId === ownUserId ? "yours" : "shared with you as editor",
    count(album.assetCount, "asset"),
    ...others > 0 ? [`shared with ${count(others, "user")}`] : [],
    foreign === undefined
      ? "not counted how many of them are other people's"
      : foreign > 0
      ? `${number(foreign)} of them other people's, which are left alone`
      : "all of them yours",
  ];
  return ok("album", parts.slice(0, album.assetCount === 0 ? -1 : undefined).join(", "));
}

/** Undefined when it is not known. */
async function countForeign(
  { http, server, target: { ownUserId } }: AlbumInput,
  album: Album,
): Promise<number | undefined> {
  if (ownUserId === undefined) return undefined;
  const contributors = await countContributors(http, album.id);
  if (contributors !== undefined) {
    return [...contributors].reduce((sum, [user, n]) => user === ownUserId ? sum : sum + n, 0);
  }
  if (album.assetCount > MAX_READ) return undefined;
  let foreign = 0;
  for (const visibility of ["timeline", "archive"] as const) {
    for await (const assets of listAssets(http, server, { albumId: album.id, visibility })) {
      foreign += assets.filter(({ ownerId }) => ownerId !== ownUserId).length;
    }
  }
  return foreign;
}
