import { testEveryRequest } from "../faults/every_request.ts";
import { DELTAS } from "../faults/scenarios.ts";

testEveryRequest("3.2.0", 8000, DELTAS);
