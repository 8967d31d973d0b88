import { describe, expect, it } from "vitest";

import { isFault } from "../../schemas/ground/index.ts";
import { makeCaller } from "../../test/kit/audit-world.ts";
import { owner } from "../people/index.ts";
import { addressClassOf } from "./audit-call.ts";
import type { Desk } from "./call.ts";
import { findPurpose, findPurposeOf } from "./purpose.ts";
import type { Route } from "./route.ts";

const reading = { reads: "content" } as Route;
const listing = {} as Route;

/** The purpose that is found, or the code it is refused with. */
function found(
  { said, ownerPurpose, route = reading }: { said?: string; ownerPurpose?: string; route?: Route },
  caller = owner,
): string | undefined {
  const headers = said === undefined ? {} : { "atumpan-purpose": said };
  const request = new Request("http://127.0.0.1/", { headers });
  try {
    return findPurpose({ ownerPurpose } as Desk, { route, request, caller });
  } catch (error) {
    return isFault(error) ? error.code : "not a fault";
  }
}

describe("what content is read for", () => {
  it("is what the request says, before what was set", () => {
    const machine = makeCaller("m", { purpose: "FORENSIC" });
    expect(found({ said: "INVESTIGATION" }, machine)).toBe("INVESTIGATION");
    expect(found({}, machine)).toBe("FORENSIC");
    expect(found({ said: "NONE" }, machine)).toBe("PURPOSE_UNKNOWN");
  });

  it("must be said by persons, for whom nothing was set, where there is content and only there", () => {
    expect(found({}, makeCaller("p"))).toBe("PURPOSE_MISSING");
    expect(found({ route: listing }, makeCaller("p"))).toBeUndefined();
  });

  it("of the owner of the token is what the operator chose, who may also ask him to say it", () => {
    expect(found({})).toBe("INVESTIGATION");
    expect(found({ ownerPurpose: "FORENSIC" })).toBe("FORENSIC");
    expect(found({ ownerPurpose: "NONE" })).toBe("PURPOSE_MISSING");
  });

  it("set for anybody is held to the code list too", () => {
    expect(found({}, makeCaller("p", { purpose: "CURIOSITY" }))).toBe("PURPOSE_UNKNOWN");
  });
});

describe("a message that limits what it is used for", () => {
  const request = new Request("http://127.0.0.1/");
  const limited = { box: "in", inner: { purposes: ["FORENSIC"] } } as const;
  const of = (desk: object, caller = owner): string | undefined => {
    try {
      return findPurposeOf(desk as Desk, { caller, request, purpose: "INVESTIGATION" }, limited);
    } catch (error) {
      return isFault(error) ? error.code : "not a fault";
    }
  };

  it("is read by an owner of whom nothing was said for what it allows, by nobody else", () => {
    expect(of({})).toBe("FORENSIC");
    expect(of({ ownerPurpose: "INVESTIGATION" })).toBe("PURPOSE_NOT_ALLOWED");
    expect(of({}, makeCaller("p", { purpose: "INVESTIGATION" }))).toBe("PURPOSE_NOT_ALLOWED");
  });
});

describe("the class of an address", () => {
  it.each([
    ["127.0.0.1", "LOCAL"],
    ["::1", "LOCAL"],
    ["::ffff:127.0.0.1", "LOCAL"],
    ["10.1.2.3", "PRIVATE"],
    ["172.16.0.1", "PRIVATE"],
    ["172.32.0.1", "PUBLIC"],
    ["192.168.1.1", "PRIVATE"],
    ["fd00::1", "PRIVATE"],
    ["fe80::1", "PRIVATE"],
    ["2001:db8::1", "PUBLIC"],
    ["41.0.0.1", "PUBLIC"],
    ["127.evil", "PUBLIC"],
    ["", ""],
  ])("%j is %s", (address, kind) => {
    expect(addressClassOf(address)).toBe(kind);
  });
});
