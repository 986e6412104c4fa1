import os from "node:os";
import denoJson from "../../../deno.json" with { type: "json" };

/** What the figures were measured on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly system: string;
  /** Processes that wanted the processor, on average over the minute before. */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  const cpus = os.cpus();
  return {
    processor: cpus[0]?.model.trim() ?? "unknown processor",
    cores: cpus.length,
    memoryGigabytes: Math.round(os.totalmem() / 1e9),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    loadBefore: os.loadavg()[0] ?? 0,
  };
}

/** The program that is measured, what it runs on, and what it is measured against. */
export function describeVersions(): Record<string, string> {
  const compiled = Deno.env.get("PROGRAM_UNDER_TEST") ?? "";
  return {
    program: `${denoJson.version} (${compiled === "" ? "from source" : `compiled: ${compiled}`})`,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    "models of Immich": "2.7.5, 3.1.0, 3.2.0",
  };
}
