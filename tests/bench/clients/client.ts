import * as v from "valibot";

/** What a client process of the benchmark is told, as a JSON file named by its argument. */
const targetSchema = v.object({ url: v.string(), key: v.string(), ca: v.string() });
export type Target = v.InferOutput<typeof targetSchema>;

/** The file as the given schema and the target say. */
export async function readOrders<T>(
  schema: v.GenericSchema<unknown, T>,
): Promise<{ target: Target; orders: T }> {
  const content: unknown = JSON.parse(await Deno.readTextFile(Deno.args[0] ?? ""));
  return { target: v.parse(targetSchema, content), orders: v.parse(schema, content) };
}

/** Sends a request; the answer is there, its body still to be read. */
export type Send = (method: string, path: string, body?: unknown) => Promise<Response>;

/** @throws Error for an answer other than 2xx */
export function createSender({ url, key, ca }: Target): Send {
  const client = Deno.createHttpClient({ caCerts: [ca] });
  return async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      client,
      method,
      headers: { "x-api-key": key, "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (response.ok) return response;
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  };
}
