import { testEveryRequest } from "../faults/every_request.ts";

testEveryRequest("3.2.0", 26_300, { part: 0, of: 2 });
