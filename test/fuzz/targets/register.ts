import { firstRoot, publishRegister, type RegisterKeys } from "../../../certs/authority/index.ts";
import { makeKeyPair, makeSigningKey } from "../../../certs/keys/index.ts";
import {
  type Anchors,
  audienceOf,
  decide,
  provenCertificates,
  type RegisterView,
  verifyRegister,
} from "../../../certs/trust/index.ts";
import { mailboxOwners, renderServerConfig, streamConfigs } from "../../../broker/nats/index.ts";
import { makeHubKeys } from "../../../broker/index.ts";
import { makeDirectory } from "../../../gateways/api/directory.ts";
import { hubOf, makeHubTrust, streamsOf } from "../../../gateways/hub-choice.ts";
import {
  decodeRegionalPart,
  decodeStatePart,
  encodeRegionalPart,
  encodeStatePart,
  type RegionalPart,
  type StatePart,
} from "../../../schemas/index.ts";
import { type Bytes, systemClock } from "../../../schemas/ground/index.ts";
import { registerParts } from "../../kit/register-edit.ts";
import { type FuzzGround, fuzzNow } from "../ground.ts";
import { certain, holdSame } from "../promises.ts";
import type { Target } from "../target.ts";

const hub = "ecowas/hub";
const keys = makeHubKeys();
const clock = { ...systemClock, now: () => fuzzNow };
const settings = {
  listen: { host: "127.0.0.1", port: 4222 },
  certificateFile: "server.crt",
  keyFile: "server.key",
  caFile: "ca.crt",
  storeDir: "store",
  logFile: "server.log",
  maxMemoryBytes: 1,
  maxFileBytes: 1,
};
const publicKeys = Object.fromEntries(
  Object.entries(keys).map(([name, { publicKey }]) => [name, publicKey]),
) as Record<keyof typeof keys, string>;

/** What hub and gateways do with a register they took: nothing in it may stop them. */
function useRegister(view: RegisterView): void {
  certain("the server's configuration", () =>
    renderServerConfig(view, { hub, settings, keys: publicKeys }),
  );
  certain("the hub's streams", () => streamConfigs(view.hubs.flatMap(({ recs }) => recs)));
  certain("whose mailboxes are", () => mailboxOwners(view, fuzzNow));
  certain("the directory", () => makeDirectory(() => view, clock).agencies());
  certain("trust in the hub", () => makeHubTrust(() => view, hub, clock).authorities());
  for (const { agency } of view.agencies) {
    const found = hubOf(view, agency);
    if (found !== undefined) certain("streams", () => streamsOf(view, agency, found));
    // proving is slow, and the others' certificates are as they were
    if (!agency.startsWith("ng/")) continue;
    for (const kind of ["SIGNING", "SEALING", "LINK", "SERVER"] as const) {
      certain("certificates", () => provenCertificates(view, { agency, kind }, fuzzNow));
    }
  }
  const header = { originator: "ng/tcu", type: "alert.incident", recs: ["ecowas"], crimes: ["drugs"], handling: "H1" }; // prettier-ignore
  certain("the audience", () => audienceOf(view, header, fuzzNow));
  const question = { action: "READ", agency: "gh/fiu", originator: "ng/fiu", scope: "direct", handling: "H1" } as const; // prettier-ignore
  certain("a decision", () => decide(view, question, fuzzNow));
}

interface Signed {
  readonly keys: RegisterKeys;
  readonly anchors: Anchors;
  readonly first: Bytes;
  readonly region: RegionalPart;
  readonly states: readonly StatePart[];
}

/** The ground's register with keys of our own, so that whatever it says can be signed. */
function takeOver({ register }: FuzzGround): Signed {
  const { region, states: parts } = registerParts(register);
  const states = [...parts.values()];
  const own = new Map(
    states.map(({ authority }) => [authority, makeSigningKey(makeKeyPair("P-256"))]),
  );
  const registrar = makeSigningKey(makeKeyPair("P-256"));
  const signing = { registrar, authorities: own };
  const times = { issuedAt: fuzzNow, expiresAt: fuzzNow + 86_400_000 };
  const first = publishRegister(
    { current: undefined, change: { region, states }, keys: signing },
    times,
  );
  return { keys: signing, anchors: { root: firstRoot(first) }, first, region, states };
}

function publish({ keys: signing, first, region, states }: Signed, change: Partial<Signed>): Bytes {
  const all = { region: change.region ?? region, states: change.states ?? states };
  const times = { issuedAt: fuzzNow, expiresAt: fuzzNow + 86_400_000 };
  return publishRegister({ current: first, change: all, keys: signing }, times);
}

/** A register whose parts were signed by whoever may: what one state, or the registrars, can do to all. */
function signedTargets(ground: FuzzGround): readonly Target[] {
  const signed = takeOver(ground);
  const { anchors, states, region } = signed;
  const ng = states.filter(({ authority }) => authority === "ng");
  return [
    {
      name: "certs/verifyRegister signed by a state",
      shape: "proto",
      seeds: ng.map((state) => Buffer.from(encodeStatePart(state))),
      run: (input) => {
        const state = { ...decodeStatePart(input), authority: "ng" };
        const others = states.filter(({ authority }) => authority !== "ng");
        useRegister(verifyRegister(publish(signed, { states: [...others, state] }), anchors));
      },
    },
    {
      name: "certs/verifyRegister signed by registrars",
      shape: "proto",
      seeds: [Buffer.from(encodeRegionalPart(region))],
      run: (input) => {
        const found = decodeRegionalPart(input);
        useRegister(verifyRegister(publish(signed, { region: found }), anchors));
      },
    },
  ];
}

/** A register changed on its way. */
function carriedTarget({ register, view, world }: FuzzGround): Target {
  return {
    name: "certs/verifyRegister carried",
    shape: "proto",
    codes: ["REGISTER_"],
    seeds: [register],
    run: (input) => {
      const found = verifyRegister(input, world.anchors);
      holdSame(found.key, view.key, "a changed register is taken");
      holdSame(found.agencies, view.agencies, "a changed register is taken");
      verifyRegister(input, world.anchors, view);
    },
  };
}

/** Readers of the register. */
export function makeRegisterTargets(ground: FuzzGround): readonly Target[] {
  return [carriedTarget(ground), ...signedTargets(ground)];
}
