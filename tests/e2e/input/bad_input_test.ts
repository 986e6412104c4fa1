import { albumInputs } from "./albums.ts";
import { certificateInputs } from "./certificates.ts";
import { commandLineInputs } from "./command_line.ts";
import { envFileInputs } from "./env_files.ts";
import { logPathInputs } from "./log_paths.ts";
import { mailInputs } from "./mail.ts";
import { inputsTried, testInputs } from "./pool.ts";
import { secretFileInputs } from "./secret_files.ts";
import { urlInputs } from "./urls.ts";

testInputs([
  ...urlInputs,
  ...envFileInputs,
  ...commandLineInputs,
  ...await certificateInputs(),
  ...albumInputs,
  ...logPathInputs,
  ...secretFileInputs,
  ...await mailInputs(),
]);

Deno.test.afterAll(() => {
  const line = `bad input: ${inputsTried()} inputs tried\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(line));
});
