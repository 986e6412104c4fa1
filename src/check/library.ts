import type { Config } from "../config/config.ts";
import type { ImmichHttp } from "../immich/http.ts";
import { MAX_PAGE_SIZE } from "../immich/search_page.ts";
import { listAssets } from "../immich/search.ts";
import type { Server } from "../immich/server.ts";
import { type Finding, ok, warning } from "./finding.ts";
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

/** A library of up to this many assets may well show nobody. */
const FEW = 100;

/** Whether there are assets, and whether Immich has recognised people on them. */
export async function checkLibrary(input: LibraryInput): Promise<Finding> {
  const { assets, people, config } = input;
  if (assets === 0) {
    return warning(
      "library",
      "there are no assets in the timeline of this user",
      "Check that API_KEY is a key of the user whose photos these are.",
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
  if (assets <= FEW || config.guards.allowNoPeople) {
    return ok("library", `${count(assets, "asset")}${listed}; nobody is on ${newest}`);
  }
  return warning(
    "library",
    `${
      count(assets, "asset")
    }${listed}; nobody is on ${newest}, as if Immich had not recognised faces yet`,
    "Let Immich finish its jobs Face Detection and Facial Recognition; if there really are no people, set ALLOW_NO_PEOPLE=true, else a run is refused.",
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
