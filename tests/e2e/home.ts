import type { Emulator } from "../emulator/mod.ts";

/** A folder with an env file for one server, as a user would have it; goes with the test. */
export interface Home extends Disposable {
  readonly folder: string;
  readonly envFile: string;
  readonly logFile: string;
  /** Writes the env file anew: what every run needs, and these settings. */
  configure(settings: Readonly<Record<string, string>>): void;
  readLog(): string;
}

/** Retries are few and the first pause short enough for tests; everything else is as shipped. */
export function createHome(
  emulator: Emulator,
  apiKey: string,
  settings: Readonly<Record<string, string>> = {},
): Home {
  const folder = Deno.makeTempDirSync({ prefix: "faceless-" });
  const envFile = `${folder}/.env`;
  const logFile = `${folder}/faceless_sync.log`;
  const configure = (more: Readonly<Record<string, string>>) => {
    const all = { IMMICH_URL: emulator.url, API_KEY: apiKey, IMMICH_RETRIES: "1", ...more };
    const lines = Object.entries(all).map(([name, value]) => `${name}='${value}'`);
    Deno.writeTextFileSync(envFile, lines.join("\n") + "\n", { mode: 0o600 });
  };
  configure(settings);
  return {
    folder,
    envFile,
    logFile,
    configure,
    readLog: () => Deno.readTextFileSync(logFile),
    [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }),
  };
}
