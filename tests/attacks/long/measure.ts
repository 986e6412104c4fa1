import v8 from "node:v8";
import vm from "node:vm";

/** What this process holds. Counts of open files are 0 where the system does not tell them. */
export interface Measure {
  readonly files: number;
  readonly sockets: number;
  readonly heapMb: number;
}

/** Waits until connections that were closed are gone, and has garbage collected. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 300));
  // A new context has what the flags of now allow; ours has those of the start.
  v8.setFlagsFromString("--expose-gc");
  const collect: unknown = vm.runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("garbage cannot be collected on demand");
  collect();
}

export function measure(): Measure {
  const targets = openFiles();
  return {
    files: targets.length,
    sockets: targets.filter((target) => target.startsWith("socket:")).length,
    heapMb: Math.round(Deno.memoryUsage().heapUsed / 1024 / 1024),
  };
}

function openFiles(): string[] {
  const folder = "/proc/self/fd";
  try {
    return [...Deno.readDirSync(folder)].flatMap(({ name }) => linkOf(`${folder}/${name}`));
  } catch {
    return []; // not Linux
  }
}

/** The one that reads the folder is gone by now. */
function linkOf(path: string): string[] {
  try {
    return [Deno.readLinkSync(path)];
  } catch {
    return [];
  }
}
