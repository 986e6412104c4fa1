import {
  createWorld,
  type Emulator,
  type EmulatorOptions,
  MINIMAL_PERMISSIONS,
  startEmulator,
  type User,
  type World,
} from "../emulator/mod.ts";
import { ENTER, type Step } from "./terminal.ts";

/** A server, and the folder in which `init` is started. */
export interface Scene extends AsyncDisposable {
  readonly world: World;
  readonly alice: User;
  readonly key: string;
  readonly emulator: Emulator;
  readonly cwd: string;
  readonly envFile: string;
  /** The names of what is in the folder, sorted. */
  readonly files: () => string[];
}

/** A server with one asset that belongs into the album, and an empty folder to be in. */
export async function createScene(server: Partial<EmulatorOptions> = {}): Promise<Scene> {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const anna = world.addPerson({ owner: alice, name: "Anna" });
  world.addAsset({ owner: alice });
  world.addFace({ asset: world.addAsset({ owner: alice }), person: anna });
  const key = world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS, name: "faceless" });
  const emulator = await startEmulator({ version: "3.1.0", world, ...server });
  const cwd = Deno.makeTempDirSync({ prefix: "faceless-" });
  return {
    world,
    alice,
    key,
    emulator,
    cwd,
    envFile: `${cwd}/.env`,
    files: () => [...Deno.readDirSync(cwd)].map(({ name }) => name).sort(),
    [Symbol.asyncDispose]: async () => {
      Deno.removeSync(cwd, { recursive: true });
      await emulator.close();
    },
  };
}

export const URL = "Address of your Immich";
export const KEY = "API key, created in Immich";
export const ALBUM = "Name of the album";
export const MAIL = "Send a mail when";
const WRITE = "Write ";
export const HEALTH = "Health check that tells you";
export const NO_MAIL: readonly Step[] = [[MAIL, ENTER], [HEALTH, ENTER]];
export const YES: Step = [WRITE, ENTER];
/** Takes out what stands there to be edited. */
export const CLEAR = "\x7f".repeat(60);

export function modeOf(path: string): number {
  return (Deno.statSync(path).mode ?? 0) & 0o777;
}
