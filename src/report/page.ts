import type { AssetDetails } from "../immich/asset_details.ts";
import type { AssetList } from "./lists.ts";
import type { Summary } from "../sync/summary.ts";

/** Everything that the HTML report shows. */
export interface ReportPage {
  readonly summary: Summary;
  readonly startedAt: Date;
  /** Of this program. */
  readonly version: string;
  readonly lists: readonly AssetList[];
  /** By asset id; what is missing could not be read. */
  readonly details: ReadonlyMap<string, AssetDetails>;
  /** Thumbnails as `data:` addresses, by asset id. */
  readonly pictures: ReadonlyMap<string, string>;
  /** What the page lacks and why, in sentences. */
  readonly notes: readonly string[];
}
