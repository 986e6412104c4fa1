/** What this process holds. Counts of open files are 0 where the system does not tell them. */
export interface Measure {
  readonly files: number;
  readonly sockets: number;
  readonly heapMb: number;
}

/** Waits until connections that were closed are gone, and collects garbage if that can be asked. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 300));
  // There with --v8-flags=--expose-gc only.
  const gc: unknown = Reflect.get(globalThis, "gc");
  if (typeof gc === "function") gc();
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
