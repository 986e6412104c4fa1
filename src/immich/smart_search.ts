import * as v from "valibot";
import { untrustedList } from "./immich_error.ts";
import type { ImmichHttp } from "./http.ts";
import { idSchema } from "./asset.ts";
import { MAX_PAGE_SIZE, withoutTrash } from "./search_page.ts";
import type { Server } from "./server.ts";

const featuresSchema = v.object({ smartSearch: v.optional(v.boolean(), false) });

/** Of the people there is always none, so that the ids are all that is of use. */
const smartSchema = v.object({
  assets: v.object({
    items: v.array(v.object({ id: idSchema })),
    nextCursor: v.optional(v.nullable(v.string())),
  }),
});

/** Whether smart search is switched on, which does not say that it works. Needs no key. */
export async function hasSmartSearch(http: ImmichHttp, signal: AbortSignal): Promise<boolean> {
  const path = "/server/features";
  return (await http.call({ method: "GET", path, schema: featuresSchema, signal })).smartSearch;
}

/**
 * The ids of the assets of the timeline that are nearest to a text, nearest first, at most 1,000; of
 * an album or of all, partners' included. Asked for once only: an embedding that does not come will
 * not come a second later.
 *
 * @throws ImmichError when the machine learning server does not answer (500), or is switched off
 */
export async function searchSmart(
  http: ImmichHttp,
  { structuredSearch }: Server,
  query: string,
  albumId: string | undefined,
  signal: AbortSignal,
): Promise<string[]> {
  const flat = {
    visibility: "timeline",
    ...(albumId === undefined ? {} : { albumIds: [albumId] }),
  };
  const filter = withoutTrash({
    visibility: { in: ["timeline"] },
    ...(albumId === undefined ? {} : { albumIds: { any: [albumId] } }),
  });
  const { assets } = await http.call({
    method: "POST",
    path: "/search/smart",
    body: { query, size: MAX_PAGE_SIZE, ...(structuredSearch ? { filter } : flat) },
    schema: smartSchema,
    retry: false,
    signal,
  });
  if (structuredSearch && assets.nextCursor === undefined) {
    throw untrustedList("the server ignores structured searches");
  }
  return assets.items.map(({ id }) => id);
}
