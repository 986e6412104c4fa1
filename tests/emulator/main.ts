import { MINIMAL_PERMISSIONS } from "./permissions.ts";
import { recordedWorld } from "./recorded_world.ts";
import { startEmulator } from "./server.ts";
import { createWorld, type World } from "./world.ts";

/**
 * Runs the emulator as a process of its own, until it is ended:
 * `deno run -A tests/emulator/main.ts [version] [number of assets, or "recorded"] [port]`.
 * Prints one line of JSON with the URL and the keys.
 */
async function main([version = "3.1.0", content = "1000", port = "0"]: string[]): Promise<void> {
  const { world, key, minimalKey } = content === "recorded" ? recorded(version) : made(content);
  const emulator = await startEmulator({ version, world, port: Number(port) });
  const line = JSON.stringify({ url: emulator.url, version, key, minimalKey });
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}

interface Content {
  world: World;
  key: string;
  minimalKey: string;
}

function recorded(version: string): Content {
  if (version !== "2.7.5" && version !== "3.1.0" && version !== "3.2.0") {
    throw new Error(`recorded were 2.7.5, 3.1.0 and 3.2.0, not ${version}`);
  }
  const { world, keys } = recordedWorld(version);
  return { world, key: keys.all, minimalKey: keys.minimal };
}

/** A library of the given size in which every second asset shows Anna. */
function made(size: string): Content {
  const world = createWorld();
  const owner = world.addUser({ name: "Alice" });
  const anna = world.addPerson({ owner, name: "Anna" });
  for (let count = 0; count < Number(size); count++) {
    const asset = world.addAsset({ owner });
    if (count % 2 === 0) world.addFace({ asset, person: anna });
  }
  return {
    world,
    key: world.addKey({ user: owner, permissions: ["all"] }),
    minimalKey: world.addKey({ user: owner, permissions: MINIMAL_PERMISSIONS }),
  };
}

if (import.meta.main) await main(Deno.args);
