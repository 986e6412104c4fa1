import { albumInputs } from "./albums.ts";
import { certificateInputs } from "./certificates.ts";
import { mailInputs } from "./mail.ts";
import { inputsTried, testInputs } from "./pool.ts";
import { urlInputs } from "./urls.ts";

testInputs([
  ...urlInputs,
  ...await certificateInputs(),
  ...albumInputs,
  ...await mailInputs(),
]);

Deno.test.afterAll(() => {
  const line = `bad input: ${inputsTried()} inputs tried\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(line));
});
