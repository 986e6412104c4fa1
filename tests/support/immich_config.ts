import type { ImmichConfig } from "../../src/config/config.ts";
import type { Logger } from "../../src/system/log.ts";
import type { Emulator } from "../emulator/mod.ts";

/** The configuration for an emulator, as the program's own defaults are. */
export function immichConfig(
  emulator: Pick<Emulator, "url">,
  apiKey: string,
  changes: Partial<ImmichConfig> = {},
): ImmichConfig {
  return {
    baseUrl: emulator.url,
    apiKey,
    caCertificates: undefined,
    clientCertificate: undefined,
    headers: [],
    timeoutMs: 10_000,
    retries: 1,
    concurrency: 2,
    ...changes,
  };
}

/** For tests that don't look at the log. */
export const silentLog: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};
