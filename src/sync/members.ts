import type { Album } from "../immich/albums.ts";
import type { Asset } from "../immich/asset.ts";
import { ImmichError, untrustedList } from "../immich/immich_error.ts";
import { readAll, type Reader, workOff } from "../immich/read_all.ts";
import { rangesFor, type TimeBucket } from "../immich/time_range.ts";
import { listMonths, MAX_MONTH_ASSETS, type Month, readMonth } from "../immich/timeline.ts";
import type { Logger } from "../system/log.ts";
import type { TallyInput } from "./findings.ts";
import { AlbumTally } from "./scan_tally.ts";

export interface MembersInput extends Reader, TallyInput {
  readonly log: Logger;
}

/**
 * The members of an album, by months of the timeline where that is cheaper, else by search.
 *
 * The months tell who is in the album and whose it is, and nothing of people: own members are then
 * judged by the library's list, and only what that does not show (archived, hidden) is asked for by
 * search. A month that is not whole delays a removal, or makes an addition that is a `duplicate`.
 *
 * @throws ImmichError when a list failed or can't be trusted
 */
export async function readMembers(input: MembersInput, album: Album): Promise<AlbumTally> {
  input.onProgress?.({ step: "Reading the album", total: album.assetCount });
  let months: TimeBucket[] = [];
  let byMonths: ByMonths | undefined;
  try {
    months = await listMonths(input.http, `albumId=${album.id}`);
    if (cheaperWay(album.assetCount, months) === "months") {
      byMonths = await readMonths(input, album, months);
    }
  } catch (error) {
    if (!(error instanceof ImmichError) || !NO_TIMELINE.includes(error.kind)) throw error;
    input.log.info(
      `Reading the album by search, since its timeline can't be used: ${error.message}`,
    );
    input.onProgress?.({ step: "Reading the album", total: album.assetCount });
  }
  if (byMonths === undefined) return await readBySearch(input, album, months);
  await searchTheRest(input, album, byMonths);
  return byMonths.tally;
}

/** A server that has no timeline, or another one; a search does not depend on it. */
const NO_TIMELINE: readonly ImmichError["kind"][] = ["not-found", "rejected", "answer"];

/**
 * What it takes a server of two cores to tell the members, in milliseconds (2.7.5 and 3.1.0, albums
 * of 60,000 and 600,000): a search sorts the whole album for each page of 1,000, a month looks at
 * its own assets only.
 */
const PAGE_MS = 60;
const PAGE_MS_PER_MEMBER = 0.007;
const PAGE_SIZE = 1000;
const MONTHS_MS = 20;
const MONTHS_MS_PER_MEMBER = 0.0014;
const MONTH_MS = 25;
const MONTH_MS_PER_ASSET = 0.03;

/** How to read an album of so many members, which are spread over these months. */
export function cheaperWay(
  members: number,
  months: readonly Pick<TimeBucket, "count">[],
): "months" | "search" {
  if (months.some(({ count }) => count > MAX_MONTH_ASSETS)) return "search";
  // The timeline in full, the archived and the hidden ones in a page each.
  const pages = Math.max(1, Math.ceil(members / PAGE_SIZE)) + 2;
  const search = pages * (PAGE_MS + PAGE_MS_PER_MEMBER * members);
  // The list of months is asked for once more, for hidden assets.
  const lists = 2 * (MONTHS_MS + MONTHS_MS_PER_MEMBER * members);
  const assets = months.reduce((sum, { count }) => sum + count, 0);
  const byMonths = lists + months.length * MONTH_MS + assets * MONTH_MS_PER_ASSET;
  return byMonths < search ? "months" : "search";
}

/** What the timeline tells of an album: its members but for the hidden ones, and whether it has any. */
interface ByMonths {
  readonly tally: AlbumTally;
  readonly hasHidden: boolean;
}

async function readMonths(
  input: MembersInput,
  album: Album,
  months: readonly TimeBucket[],
): Promise<ByMonths> {
  const { http, onProgress } = input;
  const tally = new AlbumTally(input);
  const scope = `albumId=${album.id}`;
  let hasHidden = false;
  // What is hidden is asked for beside the months, for it takes as long as the list of them.
  const questions = ["hidden" as const, ...months.map(({ start }) => start)];
  await workOff(input, questions, async (question, signal) => {
    if (question === "hidden") {
      hasHidden = (await listMonths(http, `${scope}&visibility=hidden`)).length > 0;
      return;
    }
    const month = await readMonth(http, scope, question, signal);
    assertShown(month);
    tally.lookAtMonth(month);
    onProgress?.({ done: month.id.length });
  });
  return { tally, hasHidden };
}

/** What the library's list does not show is judged by its own answer to a search. */
async function searchTheRest(
  input: MembersInput,
  album: Album,
  { tally, hasHidden }: ByMonths,
): Promise<void> {
  const lists = [
    ...tally.hasUnjudged ? ["archive"] as const : [],
    // The motion parts of live photos, which older programs put into albums.
    ...hasHidden ? ["hidden"] as const : [],
  ];
  await readAll(
    input,
    lists.map((visibility) => ({
      query: { albumId: album.id, visibility },
      look: (assets) => tally.look(assets),
    })),
  );
}

/** Without a visibility the server shows what is in the timeline and in the archive, and no trash. */
function assertShown({ visibility, isTrashed }: Month): void {
  const strange = visibility.find((one) => one !== "timeline" && one !== "archive");
  if (strange !== undefined) throw untrustedList(`a month of the album shows what is "${strange}"`);
  if (isTrashed.includes(true)) throw untrustedList("a month of the album shows the trash");
}

async function readBySearch(
  input: MembersInput,
  { id: albumId }: Album,
  months: readonly TimeBucket[],
): Promise<AlbumTally> {
  const tally = new AlbumTally(input);
  const look = (assets: readonly Asset[]) => tally.look(assets);
  await readAll(input, [
    {
      query: { albumId, visibility: "timeline" },
      ranges: rangesFor(months, input.concurrency),
      look,
    },
    { query: { albumId, visibility: "archive" }, look },
    { query: { albumId, visibility: "hidden" }, look },
  ]);
  return tally;
}
