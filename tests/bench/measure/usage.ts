import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What a process needed from its start to its end. */
export interface Usage {
  readonly wallSeconds: number;
  /** User and system time. */
  readonly cpuSeconds: number;
  /** The most memory that was resident, in 10⁶ bytes. */
  readonly peakMegabytes: number;
}

const GNU_TIME = "/usr/bin/time";

/** A command that runs the process it is followed by, and how to read what that needed. */
export interface Meter extends Disposable {
  readonly launcher: readonly string[];
  read(): Usage;
}

/** GNU time, whose figures come from the kernel; without it a process that looks at /proc. */
export function createMeter(tool: "time" | "proc" = existsSync(GNU_TIME) ? "time" : "proc"): Meter {
  const file = Deno.makeTempFileSync({ prefix: "bench-usage-" });
  const watcher = fileURLToPath(new URL("watch_proc.ts", import.meta.url));
  return {
    launcher: tool === "time"
      ? [GNU_TIME, "-q", "-o", file, "-f", "%e %U %S %M"]
      : [Deno.execPath(), "run", "--quiet", "--allow-all", watcher, file],
    read: () => parseUsage(Deno.readTextFileSync(file)),
    [Symbol.dispose]: () => Deno.removeSync(file),
  };
}

/** "12.34 1.20 0.34 102400": wall, user and system in seconds, peak in KiB. */
function parseUsage(text: string): Usage {
  const [wall, user, system, peak] = text.trim().split(/\s+/).map(Number);
  if (wall === undefined || user === undefined || system === undefined || peak === undefined) {
    throw new Error(`no usage: ${text}`);
  }
  return { wallSeconds: wall, cpuSeconds: user + system, peakMegabytes: peak * 1024 / 1e6 };
}
