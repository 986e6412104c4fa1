import { testEveryRequest } from "../faults/every_request.ts";

testEveryRequest("2.7.5", 15_500);
