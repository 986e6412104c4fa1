import { albumInputs } from "./albums.ts";
import { certificateInputs } from "./certificates.ts";
import { mailInputs } from "./mail.ts";
import { testInputs } from "./pool.ts";
import { urlInputs } from "./urls.ts";

testInputs([
  ...urlInputs,
  ...await certificateInputs(),
  ...albumInputs,
  ...await mailInputs(),
]);
