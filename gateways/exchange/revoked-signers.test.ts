import { beforeAll, describe, expect, it } from "vitest";

import { type RegisterView, verifyRegister } from "../../certs/trust/index.ts";
import { sha256 } from "../../schemas/ground/index.ts";
import { revokeIssuingCa } from "../../test/kit/ca-list.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { findRevokedSigners } from "./revoked-signers.ts";

const now = 1_780_272_000_000;
const minute = 60_000;
let world: GatewayWorld;
let view: RegisterView;

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "ng/fiu", "gh/tcu"], { now });
  const bytes = await world.revoke("ng/tcu", "SIGNING", { at: now + minute });
  view = verifyRegister(bytes, world.anchors, world.view);
});

function found(register: RegisterView, at: number): readonly string[] {
  return findRevokedSigners(register, at, () => true).map(
    ({ agency, since }) => `${agency} ${(since - now) / minute}`,
  );
}

describe("revoked signers", () => {
  it("are those whose signing certificate stands on a list, and nobody else", () => {
    expect(found(view, now + 2 * minute)).toEqual(["ng/tcu 1"]);
    expect(found(world.view, now + 2 * minute)).toEqual([]);
    const [{ thumbprint } = { thumbprint: new Uint8Array() }] = findRevokedSigners(view, now + 2 * minute, () => true);
    const own = world.agency("ng/tcu").certificates.find(({ kind }) => kind === "SIGNING")!;
    expect(thumbprint).toEqual(sha256(own.certificate));
  }); // prettier-ignore

  it("are not said by a list dated ahead of our clock", () => {
    expect(found(view, now + minute - 1)).toEqual([]);
    expect(found(view, now + minute)).toEqual(["ng/tcu 1"]);
  });

  it("are not said twice", () => {
    expect(findRevokedSigners(view, now + 2 * minute, () => false)).toEqual([]);
  });

  it("are all beneath a CA that its root revoked", async () => {
    const der = await revokeIssuingCa(world.authorities.get("ng")!, now);
    const ng = world.view.authority("ng")!;
    const withList = { ...ng, crls: [...ng.crls, der] };
    const register: RegisterView = {
      ...world.view,
      authority: (name) => (name === "ng" ? withList : world.view.authority(name)),
    };
    expect(found(register, now).toSorted()).toEqual(["ng/fiu 0", "ng/tcu 0"]);
  });

  it("are not said by a list that its CA did not sign", () => {
    const ng = view.authority("ng")!;
    // one octet of each signature is turned
    const crls = ng.crls.map((list) => list.with(list.length - 1, list.at(-1)! ^ 1));
    const register: RegisterView = {
      ...view,
      authority: (name) => (name === "ng" ? { ...ng, crls } : view.authority(name)),
    };
    expect(found(register, now + 2 * minute)).toEqual([]);
  });
});
