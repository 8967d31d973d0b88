import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Gateway } from "../../gateways/gateway.ts";
import type {
  Agreement,
  Mandate,
  RegionalPart,
  ReleaseRule,
  StatePart,
} from "../../schemas/index.ts";
import { systemClock, toFault } from "../../schemas/ground/index.ts";
import { currentMailboxKey, mailboxOf } from "../../certs/trust/index.ts";
import { type RawAgency, rawAgency } from "../kit/agency.ts";
import { forge } from "../kit/forge.ts";
import { editRegister, readRegister, replaceRegister } from "../kit/register-edit.ts";
import { makeDirectOne } from "../kit/rights-messages.ts";
import { until } from "../kit/server.ts";
import { example, exampleNow } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

const from = Date.UTC(2025, 0, 29);
const any = { types: ["request.*"], crimes: ["*"], handlingUpTo: "H1", from };
const terms: Agreement = {
  agreementRef: "MoU ng-gh 1",
  parties: ["gh", "ng"],
  partyAgencies: [],
  allowedPurposes: [],
  ...any,
};

let world: World;
let ng: Gateway;
let gh: Gateway;
let third: Gateway;
let raw: RawAgency;
let keys = 0;

/** A state's own part: what its unit may do, whom it lets read, and what it agreed to. */
function agreeing(authority: string, agreements: readonly Agreement[]): (now: StatePart) => StatePart {
  const agency = `${authority}/tcu`;
  const nominations = ["PUBLISH", "READ"].map((action): Mandate => ({ agency, action, scope: "direct", ...any }));
  const release: ReleaseRule = { effect: "ALLOW", originators: [], authorities: ["ng", "gh", "sn"], kinds: ["TCU"], agencies: [], askedAssurances: [], ...any };
  return (now) => ({ ...now, nominations, agreements, release: [release] });
} // prettier-ignore

beforeAll(async () => {
  world = await startWorld({
    states: ["ng", "gh", "sn"],
    recs: [],
    prepare: async ({ layout, offices }) => {
      const states = { ng: agreeing("ng", [terms]), gh: agreeing("gh", [terms]), sn: agreeing("sn", []) };
      const edit = { region: (now: RegionalPart): RegionalPart => ({ ...now, mandates: [] }), states };
      replaceRegister(layout.register, editRegister(readRegister(layout.register), edit, { offices, now: Date.now() }));
      await Promise.resolve();
    },
  });
  [ng, gh, third] = [await world.gateway("ng/tcu"), await world.gateway("gh/tcu"), await world.gateway("sn/tcu")];
  raw = await rawAgency(world, "sn/moc");
}); // prettier-ignore

afterAll(async () => {
  await raw?.close();
  await world?.stop();
});

function mail(to: string): unknown {
  const type = "request.information";
  return { type, recipients: [to], ...exampleNow(type, systemClock.now()) };
}

async function submit({ exchange }: Gateway, submission: unknown): Promise<string> {
  keys += 1;
  const { id } = await exchange.submit(submission, `no-community-${keys}`);
  return id;
}

async function codeOf(gateway: Gateway, submission: unknown): Promise<string> {
  const { outbox } = gateway.office.store;
  const before = outbox.last();
  const code = await submit(gateway, submission).then(() => "taken", (error: unknown) => toFault(error, "INTERNAL").code);
  expect(outbox.last()).toBe(before);
  return code;
} // prettier-ignore

describe("two agencies and one agreement, at a hub without communities", () => {
  it("there is no community in the register, and no feed at the hub", async () => {
    const register = world.register();
    expect(register.recs).toEqual([]);
    expect(register.hubs.map(({ recs }) => recs)).toEqual([[]]);
    expect(await world.desk.jetStream.stream("DIRECT")).toBeDefined();
    expect(await world.desk.jetStream.stream("FEED_ECOWAS")).toBeUndefined();
  });

  it("they write to each other, both ways, and it is proved in the hub's log", async () => {
    for (const [sender, reader] of [[ng, gh], [gh, ng]] as const) {
      const id = await submit(sender, mail(reader.agency));
      await until("it is delivered", () => sender.exchange.find(id)?.state === "DELIVERED");
      expect(reader.exchange.find(id)).toMatchObject({ box: "in", state: "VERIFIED", originator: sender.agency });
      await until("the log proves it", () => sender.exchange.find(id)?.log?.[0]?.state === "PROVED");
    }
  }); // prettier-ignore

  it("a feed is refused by code, at the gateway and at the hub", async () => {
    expect(await codeOf(ng, example("red-flag"))).toBe("MANDATE_MISSING");
    const before = gh.exchange.status().inbox;
    const outcome = await raw.send(forge(raw.signer));
    expect(outcome).toMatchObject({ kind: "refused", line: { code: "SUBJECT_MISMATCH" } });
    expect(gh.exchange.status().inbox).toBe(before);
  });

  it("a third agency writes to neither, and neither to it", async () => {
    expect(await codeOf(third, mail("gh/tcu"))).toBe("MANDATE_MISSING");
    expect(await codeOf(ng, mail("sn/tcu"))).toBe("MANDATE_MISSING");
    const mailbox = mailboxOf(currentMailboxKey(world.register().mailboxKeys, world.clock.now()), "gh/tcu");
    const { inbox, quarantined } = gh.exchange.status();
    const made = makeDirectOne(raw.signer, { mailbox, handling: "H1" }, world.clock.now());
    expect(await raw.send(made)).toMatchObject({ kind: "refused", line: { code: "MANDATE_MISSING" } });
    const id = await submit(ng, mail("gh/tcu"));
    await until("what came after it is there", () => gh.exchange.find(id)?.state === "VERIFIED");
    expect(gh.exchange.status()).toMatchObject({ inbox: inbox + 1, quarantined });
  }); // prettier-ignore
});
