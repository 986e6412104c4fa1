/** What tests use of the emulator. */
export * from "../support/certificates.ts";
export type { Fault, FaultRule, Match } from "./faults.ts";
export type * from "./model.ts";
export { MINIMAL_PERMISSIONS } from "./permissions.ts";
export { portsFrom } from "./ports.ts";
export type { LoggedRequest } from "./request_log.ts";
export { type Emulator, type EmulatorOptions, startEmulator } from "./server.ts";
export { VERSIONS } from "./versions.ts";
export { createWorld, type World } from "./world.ts";
