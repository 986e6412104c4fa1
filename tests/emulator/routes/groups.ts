import { rowAssetAnswer } from "../answers.ts";
import { type Answer, type Call, idOf, ok, type Route } from "../call.ts";
import { noAccess } from "../errors.ts";
import type { Asset, Stack } from "../model.ts";

/** Assets that belong together: `/stacks` and `/duplicates`. Nobody is shown on any of them. */
export const GROUP_ROUTES: Route[] = [
  { method: "GET", path: "/api/stacks", permission: "stack.read", answer: stacks },
  { method: "GET", path: "/api/stacks/:id", permission: "stack.read", answer: stack },
  { method: "GET", path: "/api/duplicates", permission: "duplicate.read", answer: duplicates },
];

function stacks(call: Call): Answer {
  return ok(stacksOf(call).map((stack) => stackAnswer(call, stack)));
}

function stack(call: Call): Answer {
  const id = idOf(call);
  const found = stacksOf(call).find((stack) => stack.id === id);
  if (found === undefined) throw noAccess("stack.read");
  const { assets, ...rest } = stackAnswer(call, found);
  return ok({ ...rest, assets: assets.map((asset) => ({ ...asset, tags: [] })) });
}

function stacksOf({ user }: Call): Stack[] {
  return [...new Set([...user.library].flatMap(({ stack }) => stack ?? []))];
}

function stackAnswer({ version }: Call, { id, primary, assets }: Stack) {
  return {
    id,
    primaryAssetId: primary.id,
    assets: [...assets].map((asset) => rowAssetAnswer(asset, version.generation)),
  };
}

/** What is neither in the trash nor locked; one that is left alone is no duplicate. */
function duplicates({ user, version }: Call): Answer {
  const groups = new Map<string, Asset[]>();
  for (const asset of user.library) {
    const { duplicateId, trashedAt, visibility } = asset;
    if (duplicateId === undefined || trashedAt !== null || visibility === "locked") continue;
    groups.set(duplicateId, [...groups.get(duplicateId) ?? [], asset]);
  }
  return ok(
    [...groups].filter(([, { length }]) => length > 1).map(([duplicateId, assets]) => ({
      duplicateId,
      assets: assets.map((asset) => ({ ...rowAssetAnswer(asset, version.generation), tags: [] })),
      suggestedKeepAssetIds: assets.slice(0, 1).map(({ id }) => id),
    })),
  );
}
