import type { Config } from "../config/config.ts";
import { lockKey } from "../sync/run.ts";
import { isLocked } from "../system/lock.ts";
import { type Finding, ok, warning } from "./finding.ts";

/** Whether a run of this album is under way on this machine. */
export async function checkLock(config: Config, folder: string): Promise<Finding> {
  const locked = await isLocked(lockKey(config), folder);
  if (typeof locked === "object") {
    return warning(
      "lock",
      `two runs at once can't be prevented: ${locked.reason}`,
      `Let this user read and write files of its own in ${folder}.`,
    );
  }
  return ok(
    "lock",
    locked
      ? "a run of this album is under way; another one would end at once (exit code 5)"
      : "no run of this album is under way",
  );
}
