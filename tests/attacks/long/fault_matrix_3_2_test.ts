import { testEveryRequest } from "../faults/every_request.ts";

testEveryRequest("3.2.0", 26_000);
