import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { staleStep } from "../../broker/admission/stale.ts";
import { lastUse, usableUntil, verifyRegister } from "../../certs/trust/index.ts";
import { makeFreshnessWatch, rejudge, registerUses } from "../../gateways/exchange/index.ts";
import { makeTakePublications } from "../../gateways/exchange/take-publications.ts";
import { submit } from "../../gateways/exchange/submit.ts";
import {
  decodeEnvelope,
  decodeMessage,
  decodePublication,
  parseAdmissionQuestion,
} from "../../schemas/index.ts";
import { isFault, type Log, silentLog } from "../../schemas/ground/index.ts";
import {
  alert,
  type Handed,
  handedKeys,
  type MadeOffice,
  makeOffice,
  publish,
  send,
  signReceipt,
} from "../kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../kit/gateway-world.ts";

const now = 1_780_272_000_000;
const hour = 3_600_000;
/** So that a list lives beyond the last use of a register: one day in date, three days more. */
const lifeMs = 24 * hour;

let world: GatewayWorld & { view: GatewayWorld["view"] };
/** Revoked while the reader is cut off. */
let thief: MadeOffice;
let honest: MadeOffice;
let reader: MadeOffice;
/** When the hub took what it took; it is not reached while the link is cut. */
let taken: Map<string, number>;
let isCut: boolean;
let keys = 0;

beforeEach(async () => {
  world = { ...(await makeGatewayWorld(["ng/tcu", "ci/tcu", "gh/tcu"], { now, lifeMs })) };
  thief = makeOffice(world, "ng/tcu");
  honest = makeOffice(world, "ci/tcu");
  reader = makeOffice(world, "gh/tcu");
  taken = new Map();
  isCut = true;
});

afterEach(() => {
  for (const office of [thief, honest, reader]) office.close();
});

function at(hours: number): void {
  for (const { clock } of [thief, honest, reader]) clock.move(now + hours * hour - clock.now());
}

async function make(office: MadeOffice, handling: string): Promise<readonly Handed[]> {
  keys += 1;
  return await publish(office, { ...alert, handling }, `key ${keys}`);
}

/** A publication comes by another way than the own hub: a disk, another hub. */
async function carry(...handed: readonly Handed[]): Promise<void> {
  await makeTakePublications(reader, {
    refreshRegister: () => Promise.resolve(false),
    askAdmission: (question) => {
      if (isCut) return Promise.resolve(undefined);
      const asked = parseAdmissionQuestion(question);
      const admittedAt = taken.get(Buffer.from(asked.messageId).toString("hex"));
      const admission = admittedAt === undefined ? undefined : { ...asked, admittedAt };
      return Promise.resolve(
        signReceipt(world, "ecowas/hub", {
          recipient: "gh/tcu",
          issuedAt: reader.clock.now(),
          ...(admission === undefined ? {} : { admission }),
        }),
      );
    },
    held: () => undefined,
  })(handed);
}

function states(): readonly string[] {
  return reader.store.messages
    .list({ box: "in", limit: 100 })
    .map(({ state, code }) => code ?? state)
    .toReversed();
}

async function heal(): Promise<void> {
  const codes = ["REGISTER_STALE", "ADMISSION_AWAITED", "CERT_STATUS_UNKNOWN"] as const;
  await rejudge(reader, codes, (lying) => carry(...lying));
}

describe("T-17 a gateway that was cut off", () => {
  it("judges each class by its register as long as the policy says, and then keeps it apart", async () => {
    const messages = new Map<string, readonly Handed[]>();
    for (const handling of ["H0", "H1", "H2"]) messages.set(handling, await make(honest, handling));
    const seen: Record<string, string> = {};
    for (const [handling, until] of [["H2", 48], ["H0", 96], ["H1", 96]] as const) {
      at(until - 1 / 3600);
      expect(usableUntil(world.view, handling)).toBe(now + until * hour);
      await carry(...(await make(honest, handling)));
      at(until);
      await carry(...(messages.get(handling) ?? []));
      seen[handling] = states().slice(-2).join(" ");
    }
    const both = "VERIFIED REGISTER_STALE";
    expect(seen).toEqual({ H2: both, H0: both, H1: both });
  }); // prettier-ignore

  it("sends nothing of a class that stopped, and all of the routine one for three days more", async () => {
    const code = async (handling: string): Promise<string> => {
      try {
        keys += 1;
        await submit(reader, { ...alert, handling }, `send ${keys}`);
        return "sent";
      } catch (error) {
        if (isFault(error)) return error.code;
        throw error;
      }
    };
    at(24 + 24 - 1 / 3600);
    expect([await code("H0"), await code("H2")]).toEqual(["sent", "sent"]);
    at(24 + 24);
    expect([await code("H0"), await code("H2")]).toEqual(["sent", "REGISTER_STALE"]);
    at(24 + 72 - 1 / 3600);
    expect(await code("H1")).toBe("sent");
    at(24 + 72);
    expect([await code("H0"), await code("H1")]).toEqual(["REGISTER_STALE", "REGISTER_STALE"]);
  });

  it("shares the key of a new audience two days past the register's time, and its routine alert is read", async () => {
    at(24 + 48);
    const sent = await send(honest, { ...alert, handling: "H1" }, "a new audience");
    const shares = handedKeys(honest, "gh/tcu");
    expect(shares).toHaveLength(1);
    for (const { bytes } of [...shares, ...sent]) {
      const { envelope } = decodeMessage(decodePublication(bytes).message);
      const shaped = { envelope: decodeEnvelope(envelope) } as Parameters<typeof staleStep.run>[0];
      const hub: unknown = { register: world.view, now: honest.clock.now() };
      expect(staleStep.run(shaped, hub as Parameters<typeof staleStep.run>[1])).toBeUndefined();
    }
    await carry(...shares, ...sent);
    expect(states()).toEqual(["VERIFIED"]);
  });

  it("says which class is judged by an old register and which stopped, each change once", () => {
    const told: string[] = [];
    const note = (event: string, fields: object = {}): void =>
      void told.push(`${event} ${"subject" in fields ? String(fields.subject) : ""}`);
    const log: Log = { ...silentLog, warn: note, error: note, info: note };
    let fresher = 0;
    const watch = makeFreshnessWatch({ ...reader, log }, { onFresher: () => void (fresher += 1), onClockJumped: () => undefined, onClockRight: () => undefined });
    const look = (hours: number): readonly string[] => {
      told.length = 0;
      at(hours);
      watch.look();
      watch.look();
      return [...told];
    };
    expect(look(24 - 1 / 3600)).toEqual([]);
    expect(look(24)).toHaveLength(4);
    expect(look(25)).toEqual(["the register is too old; this class stops H3"]);
    expect(look(48)).toEqual(["the register is too old; this class stops H2"]);
    expect(look(96)).toHaveLength(2);
    expect(registerUses(world.view, reader.clock.now()).every(({ state }) => state === "stale")).toBe(true);
    expect(fresher).toBe(0);
    world.view = { ...world.view, expiresAt: now + 200 * hour };
    expect(look(97)).toHaveLength(4);
    expect(fresher).toBe(1);
  }); // prettier-ignore

  it("keeps a revoked agency's messages apart, and sorts all rightly when it is healed", async () => {
    // what the hub took before the revocation; what was signed after it; and an honest agency's
    const [before] = await make(thief, "H0");
    const [after] = await make(thief, "H0");
    const [good] = await make(honest, "H0");
    const idOf = ({ subject }: Handed): string =>
      subject.split(".").at(-1)!.replaceAll("-", "");
    taken.set(idOf(before!), now + hour);
    taken.set(idOf(after!), now + 3 * hour);
    const revoked = await world.revoke("ng/tcu", "SIGNING", { at: now + 2 * hour });
    // the register that says so does not come; all three come by another way, after the last use of the old one
    at(24 + 72);
    expect(reader.clock.now()).toBe(lastUse(world.view));
    for (const one of [before!, after!, good!]) await carry(one);
    expect(states()).toEqual(["REGISTER_STALE", "REGISTER_STALE", "REGISTER_STALE"]);
    // a newer register comes, but the hub is not reached yet
    world.view = verifyRegister(revoked, world.anchors, world.view);
    world.view = { ...world.view, expiresAt: now + 1000 * hour };
    await heal();
    expect(states().toSorted()).toEqual(["ADMISSION_AWAITED", "ADMISSION_AWAITED", "VERIFIED"]);
    isCut = false;
    await heal();
    const sorted = reader.store.messages
      .list({ box: "in", limit: 100 })
      .map(({ originator, state, code }) => `${originator} ${code ?? state}`);
    expect(sorted.toSorted()).toEqual(["ci/tcu VERIFIED", "ng/tcu CERT_REVOKED", "ng/tcu VERIFIED"]);
  }); // prettier-ignore
});
