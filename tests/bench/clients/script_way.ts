/**
 * The way of the Python script, to be measured: all assets by page number, 250 a page, with their
 * people; the whole album; what is missing in it by one PUT. One request after the other.
 */
import * as v from "valibot";
import { createSender, readOrders, type Send } from "./client.ts";

const PAGE_SIZE = 250;

const scriptOrdersSchema = v.object({
  /** 2.x sends the assets of an album along with it. */
  albumHasAssets: v.boolean(),
  albumName: v.string(),
});

const albumSchema = v.object({ id: v.string(), albumName: v.string() });
const wholeAlbumSchema = v.object({ assets: v.array(v.object({ id: v.string() })) });
const pageSchema = v.object({
  assets: v.object({
    items: v.array(v.object({ id: v.string(), people: v.array(v.unknown()) })),
    nextPage: v.nullable(v.string()),
  }),
});

async function main(): Promise<void> {
  const { target, orders } = await readOrders(scriptOrdersSchema);
  const send = createSender(target);
  const faceless: string[] = [];
  for await (const { id, people } of list(send, { withPeople: true })) {
    if (people.length === 0) faceless.push(id);
  }
  const albumId = await findAlbum(send, orders.albumName);
  const members = new Set<string>();
  if (orders.albumHasAssets) {
    const album = await send("GET", `/api/albums/${albumId}`);
    for (const { id } of v.parse(wholeAlbumSchema, await album.json()).assets) members.add(id);
  } else {
    for await (const { id } of list(send, { albumIds: [albumId] })) members.add(id);
  }
  const ids = faceless.filter((id) => !members.has(id));
  if (ids.length === 0) return;
  const answer = await send("PUT", `/api/albums/${albumId}/assets`, { ids });
  await answer.text();
}

async function* list(send: Send, condition: object) {
  for (let page: number | null = 1; page !== null;) {
    const body = { ...condition, size: PAGE_SIZE, page };
    const answer: unknown = await (await send("POST", "/api/search/metadata", body)).json();
    const { items, nextPage } = v.parse(pageSchema, answer).assets;
    yield* items;
    page = nextPage === null ? null : Number(nextPage);
  }
}

async function findAlbum(send: Send, albumName: string): Promise<string> {
  const albums: unknown = await (await send("GET", "/api/albums")).json();
  const found = v.parse(v.array(albumSchema), albums).find((album) =>
    album.albumName === albumName
  );
  if (found !== undefined) return found.id;
  const made: unknown = await (await send("POST", "/api/albums", { albumName })).json();
  return v.parse(albumSchema, made).id;
}

if (import.meta.main) await main();
