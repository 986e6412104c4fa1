import {
  createWorld,
  type Emulator,
  type FaultRule,
  MINIMAL_PERMISSIONS,
  portsFrom,
  startEmulator,
  type World,
} from "./mod.ts";

/** A 3.1 server with a user, his key, 50 assets and an album, and a way to ask it. */
export class Fixture implements AsyncDisposable {
  readonly world: World;
  readonly key: string;
  readonly albumId: string;
  readonly assetIds: string[];

  private constructor(readonly emulator: Emulator) {
    this.world = emulator.world;
    const user = this.world.addUser({ name: "Alice" });
    this.key = this.world.addKey({ user, permissions: MINIMAL_PERMISSIONS });
    this.assetIds = Array.from({ length: 50 }, () => this.world.addAsset({ owner: user }).id);
    this.albumId = this.world.addAlbum({ owner: user, name: "Faceless" }).id;
  }

  static async start(rule?: FaultRule): Promise<Fixture> {
    const emulator = await startEmulator({
      version: "3.1.0",
      world: createWorld(),
      ports: portsFrom(32_000, 700),
    });
    if (rule !== undefined) emulator.faults.add(rule);
    return new Fixture(emulator);
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { "x-api-key": this.key, "content-type": "application/json" };
    return fetch(`${this.emulator.url}${path}`, { headers, ...init });
  }

  search(init: RequestInit = {}): Promise<Response> {
    const body = JSON.stringify({ size: 50, withPeople: true });
    return this.fetch("/api/search/metadata", { method: "POST", body, ...init });
  }

  add(ids: string[]): Promise<Response> {
    const body = JSON.stringify({ ids });
    return this.fetch(`/api/albums/${this.albumId}/assets`, { method: "PUT", body });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.emulator.close();
  }
}

export async function waitUntil(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}
