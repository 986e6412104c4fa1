/**
 * The raw limit: sends the given requests, several at once and in their order, and reads what comes
 * without doing anything with it.
 */
import * as v from "valibot";
import { createSender, readOrders } from "./client.ts";

const rawOrdersSchema = v.object({
  atOnce: v.number(),
  requests: v.array(
    v.object({ method: v.string(), path: v.string(), body: v.optional(v.unknown()) }),
  ),
});

async function main(): Promise<void> {
  const { target, orders } = await readOrders(rawOrdersSchema);
  const send = createSender(target);
  const waiting = orders.requests.values();
  const work = async () => {
    for (const { method, path, body } of waiting) {
      const answer = await send(method, path, body);
      for await (const _ of answer.body ?? []);
    }
  };
  await Promise.all(Array.from({ length: orders.atOnce }, work));
}

if (import.meta.main) await main();
