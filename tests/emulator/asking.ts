import { type Asset, createWorld, type Emulator, type User, type World } from "./mod.ts";

/** A user with a key that may do everything and so many assets. */
export function worldOf(
  count: number,
): { world: World; alice: User; key: string; assets: Asset[] } {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const key = world.addKey({ user: alice, permissions: ["all"] });
  const assets = Array.from({ length: count }, () => world.addAsset({ owner: alice }));
  return { world, alice, key, assets };
}

/** What the tests look at in answers of all kinds. */
interface Body {
  assets: {
    count: number;
    items: { id: string; fileCreatedAt: string; people: unknown[]; unassignedFaces?: unknown[] }[];
    nextPage: string | null;
    nextCursor?: string | null;
  };
  id: string;
  total?: number;
  message: string;
}

export async function call(
  emulator: Emulator,
  key: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Body }> {
  const response = await fetch(`${emulator.url}${path}`, {
    method,
    headers: { "x-api-key": key, "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text) };
}

/** What a search finds, in its order. */
export async function idsOf(emulator: Emulator, key: string, search: unknown): Promise<string[]> {
  const { body } = await call(emulator, key, "POST", "/api/search/metadata", search);
  return body.assets.items.map(({ id }) => id);
}
