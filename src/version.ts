import denoJson from "../deno.json" with { type: "json" };

/** The version of this program, from the one place that states it. */
export const VERSION: string = denoJson.version;
