import { testEveryRequest } from "../faults/every_request.ts";

testEveryRequest("3.1.0", 20_900);
