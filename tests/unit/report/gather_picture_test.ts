import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { pictureAddress } from "../../../src/report/gather.ts";

const FILES: readonly (readonly [text: string, type: string | undefined])[] = [
  ["\xff\xd8\xff\xe0..JFIF", "image/jpeg"],
  ["\x89PNG\r\n\x1a\n....", "image/png"],
  ["RIFF1234WEBPVP8 ", "image/webp"],
  ["RIFF1234WAVEfmt ", undefined],
  ["<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", undefined],
  ["<!doctype html>", undefined],
  [" \xff\xd8\xff\xe0", undefined],
  ["\xff\xd8", undefined],
  ["GIF89a", undefined],
  ["", undefined],
];

Deno.test("a file is taken for a picture by its own first bytes only", () => {
  for (const [text, type] of FILES) {
    const bytes = Buffer.from(text, "latin1");
    const address = pictureAddress(bytes, (text) => text);
    const expected = `data:${type};base64,${bytes.toString("base64")}`;
    assert.equal(address, type === undefined ? undefined : expected, text);
  }
});
