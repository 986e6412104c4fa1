import { testEveryRequest } from "../faults/every_request.ts";
import { SCANS } from "../faults/scenarios.ts";

testEveryRequest("3.2.0", 26_000, SCANS);
