import { testEveryRequest } from "../faults/every_request.ts";

testEveryRequest("3.2.0", 10_100, { part: 1, of: 2 });
