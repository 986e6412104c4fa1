import assert from "node:assert/strict";
import fc from "fast-check";
import { createMarkup, MAX_TEXT, shorten } from "../../../src/report/markup.ts";

const plain = createMarkup((text) => text);

Deno.test("a text in a template has no meaning in HTML, whatever it is", () => {
  const special = fc.constantFrom(
    ...`<>&"'=/;#`,
    "\0",
    "\x1b",
    "\u202e",
    "\u2028",
    "\ud800",
    "]]>",
  );
  const any = fc.string({ unit: "binary", maxLength: 20 });
  const text = fc.array(fc.oneof(special, any), { maxLength: 40 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (any) => {
      const { html } = plain`<a title="${any}">${any}</a>`;
      assert.equal(html.match(/[<>]/g)?.length, 4);
      assert.equal(html.match(/"/g)?.length, 2);
      assert.doesNotMatch(html, /&(?!(?:amp|lt|gt|quot|#39);)|'/);
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(html, /[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]/);
      assert.ok(html.isWellFormed());
    }),
    { numRuns: 2000 },
  );
});

Deno.test("markup in a template stays markup, lists are joined, and nothing is nothing", () => {
  const items = ["<1>", "2"].map((item) => plain`<li>${item}</li>`);
  assert.equal(
    plain`<ul>${items}</ul>${undefined}${false}${1234567}`.html,
    "<ul><li>&lt;1&gt;</li><li>2</li></ul>1,234,567",
  );
});

Deno.test("a character that turns the direction of a name is shown as its number", () => {
  assert.equal(plain`${"invoice_\u202egpj.exe"}`.html, "invoice_[U+202E]gpj.exe");
  assert.equal(plain`${"a\r\n\u2028b\x00"}`.html, "a b[U+0000]");
  assert.equal(plain`${"שלום \u200dعربي 👩‍👧"}`.html, "שלום \u200dعربي 👩‍👧");
});

Deno.test("a secret is taken out of the whole text, before it is cut in the middle of it", () => {
  const redact = (text: string) => text.replaceAll("s3cr3t-k3y", "[secret]");
  const tag = createMarkup(redact);
  for (let at = 0; at < 1010; at++) {
    const { html } = tag`${"x".repeat(at) + "s3cr3t-k3y" + "x".repeat(2000)}`;
    assert.doesNotMatch(html, /s3c|k3y/);
  }
});

Deno.test("a long text is cut in the middle, and no character is cut in two", () => {
  assert.equal(shorten("abcdefghij.jpg", 14), "abcdefghij.jpg");
  assert.equal(shorten("abcdefghijk.jpg", 12), "abcdefg….jpg");
  assert.equal(shorten("👩👩👩👩👩👩👩👩👩", 9), "👩👩👩👩👩👩👩👩👩");
  assert.equal(shorten("👩👩👩👩👩👩👩👩👩", 6), "👩👩👩…👩👩");
  assert.equal([...plain`${"ä".repeat(99_999)}`.html].length, MAX_TEXT);
});
