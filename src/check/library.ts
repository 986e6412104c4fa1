import { FINISH_RECOGNITION, MAX_ASSETS_WITHOUT_PEOPLE } from "../sync/guard.ts";
import { type Finding, ok, warning } from "./finding.ts";
import type { Config } from "../config/config.ts";
import { type Album, countContributors } from "../immich/albums.ts";
import type { ImmichHttp } from "../immich/http.ts";
import { listAssets } from "../immich/search.ts";
import { MAX_PAGE_SIZE } from "../immich/search_page.ts";
import type { Server } from "../immich/server.ts";
import type { Target } from "../sync/find_album.ts";
import { count, number } from "../text.ts";

export interface LibraryInput {
  readonly http: ImmichHttp;
  readonly config: Config;
  readonly server: Server;
  readonly ownUserId: string | undefined;
  /** Assets in the user's own timeline. */
  readonly assets: number;
  /** How many people Immich lists; undefined when the key may not ask. */
  readonly people: number | undefined;
}

/** Whether there are assets, and whether Immich has recognised people on them. */
export async function checkLibrary(input: LibraryInput): Promise<Finding> {
  const { assets, people, config } = input;
  if (assets === 0) {
    return warning(
      "library",
      "the timeline of this user has no assets",
      "Check that API_KEY belongs to the user who owns the photos.",
    );
  }
  const sample = await readSample(input);
  const listed = people === undefined ? "" : `, ${count(people, "person", "people")}`;
  const newest = sample.read < assets
    ? `the newest ${count(sample.read, "asset")}`
    : count(sample.read, "asset");
  if (sample.withPeople > 0 || (people ?? 0) > 0) {
    return ok(
      "library",
      `${count(assets, "asset")}${listed}; somebody is on ${
        number(sample.withPeople)
      } of ${newest}`,
    );
  }
  if (assets <= MAX_ASSETS_WITHOUT_PEOPLE || config.guards.allowNoPeople) {
    return ok("library", `${count(assets, "asset")}${listed}; nobody is on ${newest}`);
  }
  return warning(
    "library",
    `${
      count(assets, "asset")
    }${listed}; nobody is on ${newest}, as if Immich had not recognised faces yet`,
    `${FINISH_RECOGNITION}, set ALLOW_NO_PEOPLE=true, or runs will be refused.`,
  );
}

/** One page: what a run reads, too, but not more of it than is needed here. */
async function readSample(
  { http, server, ownUserId }: LibraryInput,
): Promise<{ read: number; withPeople: number }> {
  const pages = listAssets(http, server, { visibility: "timeline" }, {
    pageSize: MAX_PAGE_SIZE,
  });
  for await (const page of pages) {
    const own = page.filter(({ ownerId }) => ownUserId === undefined || ownerId === ownUserId);
    return {
      read: own.length,
      withPeople: own.filter(({ people }) => people.length > 0).length,
    };
  }
  return { read: 0, withPeople: 0 };
}

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
      return ok("album", `${name} does not exist yet; the first run creates it`);
    }
    return warning(
      "album",
      `${name} does not exist, and SYNC_MODE=remove-only creates none`,
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
      ? "not counted how many belong to other people"
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

/** @param assets of partners, in the timeline of the user */
export function checkPartners(assets: number, included: boolean): Finding {
  if (assets === 0) {
    return included
      ? warning(
        "partners",
        "INCLUDE_PARTNERS is set, but no assets of partners are in the timeline",
        'Turn on "Show in timeline" for the partner in Immich under Account Settings > Partner Sharing, or remove INCLUDE_PARTNERS.',
      )
      : ok("partners", "no assets of partners are in the timeline");
  }
  const what = `${count(assets, "asset")} of partners in the timeline`;
  if (!included) return ok("partners", `${what}, left out (INCLUDE_PARTNERS=false)`);
  return warning(
    "partners",
    `${what}, included; Immich may hide the people on them, so that they seem to show nobody`,
    "Check with --dry-run what would be added; without INCLUDE_PARTNERS only your own assets are added.",
  );
}
