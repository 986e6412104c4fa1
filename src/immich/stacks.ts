import * as v from "valibot";
import type { ImmichHttp } from "./http.ts";
import { idSchema } from "./asset.ts";

const stacksSchema = v.array(v.object({ assets: v.array(v.object({ id: idSchema })) }));

/** The ids of the assets of each of the user's stacks; needs `stack.read`. */
export async function readStacks(http: ImmichHttp, signal: AbortSignal): Promise<string[][]> {
  const stacks = await http.call({ method: "GET", path: "/stacks", schema: stacksSchema, signal });
  return stacks.map(({ assets }) => assets.map(({ id }) => id));
}
