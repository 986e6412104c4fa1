import assert from "node:assert/strict";
import fc from "fast-check";
import { formatEnvLine, parseEnvFile, setInEnvFile } from "../../../src/config/env_file.ts";
import envCases from "./env-cases.json" with { type: "json" };

function values(text: string, environment: Record<string, string> = {}): Record<string, unknown> {
  return Object.fromEntries(parseEnvFile(text, (name) => environment[name]).values);
}

for (const { text, values: expected } of envCases.cases) {
  Deno.test(`parseEnvFile() reads ${JSON.stringify(text)} as python-dotenv does`, () => {
    assert.deepEqual(values(text), { ...expected });
  });
}

/** Answers of python-dotenv 1.2.2, which agrees with 0.21 on all of env-cases.json. */
const furtherCases: [text: string, expected: Record<string, string | null>][] = [
  ["'A B'=1", { "A B": "1" }],
  ["''=1", {}],
  ["export\nA=1", { export: null, A: "1" }],
  ["export=1", { export: "1" }],
  ["A='x\nB='y'\nC=1", { C: "1" }],
  ["A='a\nB=\"c\nD=1", { D: "1" }],
  ['A="\\"\nB=1', { A: "\\", B: "1" }],
  ["A='\\n\\\\\\''", { A: "\\n\\'" }],
  ["A=x\u00a0#c", { A: "x" }],
  ["A=x\u2028B=1", { A: "x\u2028B=1" }],
  ["A=\n=x\nB=1", { A: "", B: "1" }],
  ["A=1\nA=${A}2", { A: "12" }],
  ["B\nA=${B:-x}", { B: null, A: "" }],
  ["A=${B:x}", { A: "${B:x}" }],
  ["A=${:-x}", { A: "x" }],
  ["A=${B:-${C}}", { A: "${C}" }],
  ["A=$${B}", { A: "$" }],
  ['A="${B\n:-z}"', { A: "z" }],
];

for (const [text, expected] of furtherCases) {
  Deno.test(`parseEnvFile() reads ${JSON.stringify(text)} as python-dotenv does, too`, () => {
    assert.deepEqual(values(text), expected);
  });
}

Deno.test("parseEnvFile() lets the environment win over the file inside ${…}", () => {
  assert.deepEqual(values("B=file\nA=${B}\nC=${B:-default}", { B: "outside" }), {
    ...{ B: "file", A: "outside", C: "outside" },
  });
});

Deno.test("parseEnvFile() strips a byte order mark", () => {
  assert.deepEqual(values("\uFEFFA=1"), { A: "1" });
});

Deno.test("parseEnvFile() takes CRLF and CR for line ends, inside quotes too", () => {
  assert.deepEqual(values('A="x\r\ny"\rB=2\r\n'), { A: "x\ny", B: "2" });
});

Deno.test("parseEnvFile() tells the lines it can't understand, not what they hold", () => {
  const { unparsedLines } = parseEnvFile("A=1\n\nS: yaml\nB='two\nlines'\n'C=\n");
  assert.deepEqual(unparsedLines, [3, 6]);
});

Deno.test("parseEnvFile() tells where a ${…} has nothing to stand for", () => {
  const { unresolved } = parseEnvFile("A=1\nB=${A}${X:-}\nC=a${X}");
  assert.deepEqual(unresolved, [{ name: "C", line: 3 }]);
});

Deno.test("parseEnvFile() is done with a large file of open quotes in no time", () => {
  const started = performance.now();
  parseEnvFile("A='\\\n".repeat(150_000) + 'B="\\"\n'.repeat(10_000));
  assert.ok(performance.now() - started < 5000);
});

Deno.test("parseEnvFile() survives any text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
    parseEnvFile(text);
  }));
});

Deno.test("formatEnvLine() writes any value so that it is read back unchanged", () => {
  const awkward = fc.constantFrom(..."\\\\'\"\n\r\t#$${}:-= abü".split(""));
  const value = fc.oneof(fc.string({ unit: awkward }), fc.string({ unit: "grapheme" }));
  fc.assert(fc.property(value, value, (first, second) => {
    const text = `${formatEnvLine("A", first)}\n${formatEnvLine("B", second)}\nC='c'\n`;
    assert.deepEqual(values(text), { A: first, B: second, C: "c" });
  }));
});

Deno.test("setInEnvFile() changes one value, and leaves every other character as it is", () => {
  const text = "# a\r\n export B = 'x' # why\r\nA=${B}\r\nC";
  assert.equal(setInEnvFile(text, "B", "y z"), text.replace("'x'", '"y z"'));
  assert.equal(setInEnvFile(text, "A", "1"), text.replace("${B}", "1"));
  assert.equal(setInEnvFile(text, "C", "1"), `${text}=1`);
  assert.equal(setInEnvFile(text, "D", "1"), `${text}\r\nD=1\r\n`);
  assert.equal(setInEnvFile(text, "B", undefined), "# a\r\nA=${B}\r\nC");
});

Deno.test("setInEnvFile() is read back as meant, whatever the rest of the file is", () => {
  const piece = fc.constantFrom(..."A|B|=|'|\"|\\|#| |\n|\r\n|export |x".split("|"));
  const texts = fc.string({ unit: piece, maxLength: 30 });
  fc.assert(
    fc.property(texts, fc.string({ unit: piece, minLength: 1 }), (text, value) => {
      const others = ({ A: _, ...rest }: Record<string, unknown>) => rest;
      const edited = values(setInEnvFile(text, "A", value));
      assert.deepEqual(edited, { ...others(values(text)), A: value });
      assert.deepEqual(values(setInEnvFile(text, "A", undefined)), others(values(text)));
    }),
    { numRuns: 1000 },
  );
});
