import denoJson from "../deno.json" with { type: "json" };

/** The version of this program, from the one place that states it. */
export const VERSION: string = denoJson.version;

/** `.ci/compile.ts` puts the commit here; in the source there is none. */
const COMMIT = "<commit>";

/** `0.1.0 (abc1234)` of what was compiled in a clone, else the version alone. */
export const VERSION_AND_COMMIT: string = COMMIT.startsWith("<")
  ? VERSION
  : `${VERSION} (${COMMIT})`;
