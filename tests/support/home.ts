import type { Emulator } from "../emulator/mod.ts";
import { assertNoLeak, filesBelow, type Secrets, secretsOf } from "./leaks.ts";

/**
 * A folder with an env file for one server, as a user would have it; goes with the test, and
 * before that its logs are looked through for secrets, of runs that were killed too.
 */
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
  const secrets: Secrets[] = [];
  const configure = (more: Readonly<Record<string, string>>) => {
    const all = { IMMICH_URL: emulator.url, API_KEY: apiKey, IMMICH_RETRIES: "1", ...more };
    const lines = Object.entries(all).map(([name, value]) => `${name}='${value}'`);
    Deno.writeTextFileSync(envFile, lines.join("\n") + "\n", { mode: 0o600 });
    secrets.push(secretsOf({ cwd: folder }));
  };
  configure(settings);
  return {
    folder,
    envFile,
    logFile,
    configure,
    readLog: () => Deno.readTextFileSync(logFile),
    [Symbol.dispose]: () => {
      const logs = [...filesBelow(folder).keys()].filter((path) => /\.log(\.\d+)?$/.test(path));
      const texts = logs.map((path) => [path, Deno.readTextFileSync(path)] as const);
      Deno.removeSync(folder, { recursive: true });
      for (const [path, text] of texts) {
        for (const each of secrets) assertNoLeak(each, path, text);
      }
    },
  };
}
