import { type Finding, ok, warning } from "./finding.ts";
import { count } from "../text.ts";

/** @param assets of partners, in the timeline of the user */
export function checkPartners(assets: number, included: boolean): Finding {
  if (assets === 0) {
    return included
      ? warning(
        "partners",
        "INCLUDE_PARTNERS is set, but no assets of partners are in the timeline",
        'Switch on "Show in timeline" for the partner in Immich under Account Settings > Partner Sharing, or leave INCLUDE_PARTNERS out.',
      )
      : ok("partners", "no assets of partners are in the timeline");
  }
  const what = `${count(assets, "asset")} of partners in the timeline`;
  if (!included) return ok("partners", `${what}, left out (INCLUDE_PARTNERS=false)`);
  return warning(
    "partners",
    `${what}, included; Immich may not tell of the people on them, so that they look as if they showed nobody`,
    "Look at what would be added with --dry-run; without INCLUDE_PARTNERS only your own assets are added.",
  );
}
