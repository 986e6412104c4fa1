import { commandLineInputs } from "./command_line.ts";
import { envFileInputs } from "./env_files.ts";
import { logPathInputs } from "./log_paths.ts";
import { testInputs } from "./pool.ts";
import { secretFileInputs } from "./secret_files.ts";

// Apart from other bad input, for files are what differs from system to system.
testInputs([...envFileInputs, ...commandLineInputs, ...logPathInputs, ...secretFileInputs]);
