import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import {
  type KeySigner,
  makeKeyPair,
  makeSigner,
  makeSigningKey,
  makeSigningRing,
} from "../../certs/keys/index.ts";
import { parseSignature, type RegisterView, verifyRegister } from "../../certs/trust/index.ts";
import { type Agency, type AlgorithmRule, decodeMessage } from "../../schemas/index.ts";
import { parseUuid, sha256 } from "../../schemas/ground/index.ts";
import { alert, bulletin, type MadeOffice, makeOffice } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { signatureLine } from "../../test/kit/suites.ts";
import type { Office } from "./office.ts";
import { submit } from "./submit.ts";

const now = 1_780_272_000_000;
const day = 86_400_000;
const agency = "ng/tcu";

let world: GatewayWorld;
/** A signer of an algorithm that no certificate can hold, as the register names its key. */
let lattice: KeySigner;
let keyed: RegisterView;
let made: MadeOffice;
/** The register in force, and whoever looks at it at that moment. */
let inForce: RegisterView;

beforeAll(async () => {
  world = await makeGatewayWorld([agency, "gh/tcu"], { now });
  const key = makeSigningKey(makeKeyPair("ML-DSA-65"));
  lattice = makeSigner({ signer: agency, key, thumbprint: sha256(key.spki) });
  const line = { algorithm: "ML-DSA-65", spki: key.spki, from: now - day };
  const bytes = world.publish((parts) => {
    const change = (one: Agency): Agency => (one.agency === agency ? { ...one, keys: [line] } : one);
    const own = parts.agencies.get("ng")!.map(change);
    return { ...parts, agencies: new Map(parts.agencies).set("ng", own) };
  });
  keyed = verifyRegister(bytes, world.anchors);
}); // prettier-ignore

beforeEach(() => {
  made = makeOffice(world, agency);
});

afterEach(() => made.close());

/** The register with other lines about signatures. */
function registerWith(...lines: readonly AlgorithmRule[]): RegisterView {
  const others = keyed.algorithms.filter(({ use }) => use !== "SIGNATURE");
  return { ...keyed, algorithms: [...lines, ...others] };
}

/** An office with a key of both, which looks at the register in force. */
function officeOf(): Office {
  const register = (): RegisterView => inForce;
  const signers = [world.agency(agency).signer, lattice] as const;
  return { ...made, register, signer: makeSigningRing({ signers, register, clock: made.clock }) };
}

function algorithmsOf(id: string): readonly string[] {
  const { seq } = made.store.messages.known("out", agency, parseUuid(id))!;
  return decodeMessage(made.store.messages.get(seq)!.raw).signatures.map((one) => parseSignature(one).alg);
} // prettier-ignore

describe("a register that is replaced while a submission is under way", () => {
  it.each([
    ["waits for the key of its audience", alert],
    ["is open and waits for the disk alone", bulletin],
  ])("leaves one that %s signed as the register asks that it was judged by", async (_name, submission) => {
    const office = officeOf();
    const before = registerWith(signatureLine("ES256"));
    const after = registerWith(signatureLine("ES256", { until: now }), signatureLine("ML-DSA-65", { from: now }));
    inForce = before;
    const sending = submit(office, submission, "under way");
    inForce = after;
    const { id } = await sending;
    expect(algorithmsOf(id)).toEqual(["ES256"]);
    // the next is judged and signed by the one in force
    expect(algorithmsOf((await submit(office, submission, "the next")).id)).toEqual(["ML-DSA-65"]);
  });

  it("that takes back the only algorithm we have a key for ends it, and nothing is stored", async () => {
    const { signer } = world.agency(agency);
    const register = (): RegisterView => inForce;
    const office = { ...officeOf(), signer: makeSigningRing({ signers: [signer], register, clock: made.clock }) };
    inForce = registerWith(signatureLine("ES256"));
    const sending = submit(office, alert, "under way");
    inForce = registerWith(signatureLine("ML-DSA-65"));
    await expect(sending).rejects.toMatchObject({ code: "SIGNATURE_KEY_MISSING" });
    expect(made.store.outbox.waiting(10)).toEqual([]);
  });
}); // prettier-ignore
