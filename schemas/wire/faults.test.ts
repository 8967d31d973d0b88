import { errors } from "nats";
import { describe, expect, it } from "vitest";

import { Fault } from "../ground/index.ts";
import { toHubFault } from "./index.ts";

describe("toHubFault", () => {
  it.each([
    [new errors.AuthorizationError("Authorization Violation"), "HUB_LOGIN_REFUSED"],
    [new errors.UserAuthenticationExpiredError("expired"), "HUB_LOGIN_REFUSED"],
    [new errors.PermissionViolationError("no", "publish", "out.x"), "SUBJECT_INVALID"],
    [new errors.TimeoutError(), "HUB_UNREACHABLE"],
    [new errors.RequestError("x", { cause: new errors.NoRespondersError("x") }), "HUB_UNREACHABLE"],
    [new errors.ConnectionError("connection refused"), "HUB_UNREACHABLE"],
    [new errors.InvalidArgumentError("x"), "INTERNAL"],
    ["not even an error", "HUB_UNREACHABLE"],
  ])("gives %s its code", (error, code) => {
    expect(toHubFault(error).code).toBe(code);
  });

  it("keeps a fault as it is, also when the client wrapped it", () => {
    const fault = new Fault("QUOTA_EXCEEDED", "too much");
    expect(toHubFault(fault)).toBe(fault);
    expect(toHubFault(new Error("wrapped", { cause: fault }))).toBe(fault);
  });

  it("keeps the original as the cause", () => {
    const error = new errors.TimeoutError();
    expect(toHubFault(error).cause).toBe(error);
  });
});
