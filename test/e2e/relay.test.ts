import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Gateway } from "../../gateways/gateway.ts";
import {
  decodeMessage,
  decodePublication,
  digestCarried,
  encodeMessage,
  encodePublication,
  encodeRelay,
  parseLogLeaf,
  type Publication,
  type Relay,
  type RelayAgreement,
} from "../../schemas/index.ts";
import { type Bytes, renderHex, systemClock, toFault } from "../../schemas/ground/index.ts";
import { loadAgencySigner, type RawAgency, rawAgency } from "../kit/agency.ts";
import { relayAgreement, relayCast, startRelayRegion, withRelays } from "../kit/relay-region.ts";
import { composeFor } from "../kit/sealed.ts";
import { until } from "../kit/server.ts";
import { exampleNow } from "../kit/submissions.ts";
import type { TwoHubs } from "../kit/two-hubs.ts";
import type { World } from "../kit/world.ts";

const { west, south, relay } = relayCast;
/** Of what every message here says. */
const secret = "412 kg of cocaine";

/** What hangs on three more registers: `ATUMPAN_LONG=1`. */
const isLong = process.env["ATUMPAN_LONG"] === "1";

let region: TwoHubs;
let gateways: Readonly<Record<string, Gateway>> = {};
let keys = 0;

function gateway(agency: string): Gateway {
  const found = gateways[agency];
  if (found === undefined) throw new Error(`${agency} is not started`);
  return found;
}

async function start(agency: string): Promise<void> {
  gateways = { ...gateways, [agency]: await region.world.gateway(agency) };
}

async function stopRelay(): Promise<void> {
  await region.world.stopGateway(relay);
  const { [relay]: _stopped, ...others } = gateways;
  gateways = others;
}

async function allUp(agency: string, count: number): Promise<void> {
  await until(`${agency} reaches its hubs`, () => {
    const { hubs } = gateway(agency).exchange.status();
    return hubs.length === count && hubs.every(({ isUp }) => isUp);
  });
}

/** Puts these agreements in force at both hubs and all gateways. */
async function agree(...agreements: readonly RelayAgreement[]): Promise<void> {
  await region.world.publish(withRelays(agreements));
  const { epoch } = region.world.register();
  await region.second.broker.refresh();
  for (const one of Object.values(gateways)) {
    await until("everybody has the register", () => one.register().epoch === epoch);
  }
  expect(region.second.broker.status().epoch).toBe(epoch);
}

/** A request for information to one agency. */
function mail(to: string, differs: object = {}): Record<string, unknown> {
  const type = "request.information";
  return { type, recipients: [to], ...exampleNow(type, systemClock.now()), ...differs };
}

async function submit(agency: string, submission: unknown): Promise<string> {
  keys += 1;
  const { id } = await gateway(agency).exchange.submit(submission, `relay-${keys}`);
  return id;
}

async function refusal(agency: string, submission: unknown): Promise<{ code: string; detail: string }> {
  const { office } = gateway(agency);
  const before = office.store.outbox.last();
  const { code, detail } = await submit(agency, submission).then(
    () => ({ code: "taken", detail: "" }),
    (error: unknown) => toFault(error, "INTERNAL"),
  );
  expect(office.store.outbox.last()).toBe(before);
  return { code, detail };
} // prettier-ignore

const idOf = (id: string): Bytes => Buffer.from(id.replaceAll("-", ""), "hex");

function rungs(agency: string, id: string): readonly string[] {
  const ladder = gateway(agency).exchange.find(id)?.ladder ?? [];
  return ladder.map(({ kind, by, code = "" }) => `${kind} ${by} ${code}`.trim());
}

async function delivered(agency: string, id: string): Promise<void> {
  await until("it is delivered", () => gateway(agency).exchange.find(id)?.state === "DELIVERED");
}

function rawOf(agency: string, box: "in" | "out", id: string): Bytes {
  const { store } = gateway(agency).office;
  const found = store.messages.find(idOf(id));
  if (found?.box !== box) throw new Error(`${agency} has no such message in ${box}`);
  return found.raw;
}

function mailsOf(agency: string): Gateway["office"]["store"]["relayedMails"] {
  return gateway(agency).office.store.relayedMails;
}

/** The files under a folder in which some text stands. */
function filesSaying(folder: string, text: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return files.map((one) => join(one.parentPath, one.name)).filter((file) => readFileSync(file).includes(text));
} // prettier-ignore

beforeAll(async () => {
  region = await startRelayRegion();
  for (const agency of [west, south, relay]) await start(agency);
  await allUp(west, 1);
  await allUp(south, 1);
  await allUp(relay, 1);
});

afterAll(async () => {
  await region?.stop();
});

describe("T36 without an agreement", () => {
  it("mail to one at another hub is refused by a code that says which is missing", async () => {
    const { code, detail } = await refusal(west, mail(south));
    expect(code).toBe("HUB_NOT_SHARED");
    expect(detail).toContain(`no relay agreement between ${region.first} and ${region.second.hub}`);
  });

  it("the region's word alone makes nobody a relay", async () => {
    await region.world.publish(withRelays([relayAgreement(region)], []));
    await until("it has come", () => gateway(west).register().epoch === region.world.register().epoch);
    expect((await refusal(west, mail(south))).code).toBe("HUB_NOT_SHARED");
    expect(gateway(west).register().relays).toEqual([]);
  }); // prettier-ignore
});

describe("T36 a centre relays between two hubs", () => {
  beforeAll(async () => {
    await agree(relayAgreement(region));
    await allUp(relay, 2);
  });

  it("mail goes over it and the receipt comes back; sender and reader hold the same octets", async () => {
    const { inbox } = gateway(relay).exchange.status();
    const id = await submit(west, mail(south));
    await delivered(west, id);
    await until("the whole ladder stands", () => rungs(west, id).length === 3);
    expect(rungs(west, id).toSorted()).toEqual([`ACCEPTED ${region.first}`, `DELIVERED ${south}`, `TAKEN_ON ${relay}`]);
    expect(gateway(south).exchange.find(id)).toMatchObject({ box: "in", state: "VERIFIED", originator: west });
    expect(Buffer.compare(rawOf(west, "out", id), rawOf(south, "in", id))).toBe(0);
    expect(gateway(relay).exchange.status()).toMatchObject({ inbox, quarantined: 0 });
  }); // prettier-ignore

  it("and the other way", async () => {
    const id = await submit(south, mail(west));
    await delivered(south, id);
    await until("it is told", () => rungs(south, id).includes(`TAKEN_ON ${relay}`));
    expect(rungs(south, id)).toContain(`DELIVERED ${west}`);
  });

  it("stands in both hubs' logs under one commitment, so that overseers of both see that it is the same", async () => {
    const id = await submit(west, mail(south));
    await delivered(west, id);
    const commitmentOf = (agency: string, box: "in" | "out"): string => {
      const { store } = gateway(agency).office;
      const digest = store.messages.find(idOf(id))?.digest ?? new Uint8Array();
      const [proof] = store.logProofs.of(box, digest);
      const leaf = proof?.proved?.leaf;
      return leaf === undefined ? "" : renderHex(parseLogLeaf(leaf).commitment ?? new Uint8Array());
    };
    await until("both logs prove it", () => commitmentOf(west, "out") !== "" && commitmentOf(south, "in") !== "");
    expect(commitmentOf(west, "out")).toBe(commitmentOf(south, "in"));
  }); // prettier-ignore

  it("the relay holds none of it when its reader has it, and could never read a word", async () => {
    await region.second.stopBroker();
    const id = await submit(west, mail(south));
    await until("the relay took it on", () => rungs(west, id).includes(`TAKEN_ON ${relay}`));
    const [held] = mailsOf(relay).waiting();
    const bytes = held?.bytes ?? new Uint8Array();
    expect(bytes.length).toBeGreaterThan(0);
    const said = gateway(west).office.store.messages.find(idOf(id))?.parts ?? new Uint8Array();
    expect([Buffer.from(said).includes(secret), Buffer.from(bytes).includes(secret)]).toEqual([
      true,
      false,
    ]);
    expect(filesSaying(region.world.layout.gateway(relay), secret)).toEqual([]);
    // a relay that is stopped and started goes on where it was, and nothing comes twice
    const { inbox } = gateway(south).exchange.status();
    await stopRelay();
    await start(relay);
    await region.second.startBroker();
    await delivered(west, id);
    expect(gateway(south).exchange.status().inbox).toBe(inbox + 1);
    await until(
      "nothing of it is left",
      () => mailsOf(relay).get(held?.seq ?? 0)?.bytes === undefined,
    );
    expect(mailsOf(relay).waiting()).toEqual([]);
  });
});

describe("T36 what no agreement lets pass", () => {
  const none = "RELAY_NOT_AGREED";

  it.each<[string, Partial<RelayAgreement>]>([
    ["a handling beyond it", { handlingUpTo: "H0" }],
    ["a suspended one", { suspendedFrom: Date.UTC(2026, 0, 1) }],
  ])("is refused at the sender: %s", async (_what, differs) => {
    await agree(relayAgreement(region, differs));
    const { code, detail } = await refusal(west, mail(south));
    expect(code).toBe(none);
    expect(detail).toContain("MoU relay 1");
  });

  it("when it ended while mail was on its way, the relay says so and the message is refused", async () => {
    await agree(relayAgreement(region));
    await stopRelay();
    const id = await submit(west, mail(south));
    await until("its hub has it", () => rungs(west, id).includes(`ACCEPTED ${region.first}`));
    const { inbox } = gateway(south).exchange.status();
    await agree(relayAgreement(region, { until: Date.UTC(2026, 0, 1) }));
    await start(relay);
    await until("it is refused", () => gateway(west).exchange.find(id)?.state === "REFUSED");
    expect(rungs(west, id)).toContain(`REFUSED ${relay} ${none}`);
    expect(gateway(south).exchange.status().inbox).toBe(inbox);
    expect(mailsOf(relay).waiting()).toEqual([]);
  });

  it.runIf(isLong)(
    "a type that nobody on the way can see is held by its reader until an agreement covers it",
    async () => {
      await agree(relayAgreement(region));
      await stopRelay();
      const id = await submit(west, mail(south));
      await until("its hub has it", () => rungs(west, id).includes(`ACCEPTED ${region.first}`));
      await agree(relayAgreement(region, { types: ["alert.*"] }));
      await start(relay);
      await until(
        "it lies in quarantine",
        () => gateway(south).exchange.status().quarantined === 1,
      );
      expect(gateway(south).exchange.find(id)).toBeUndefined();
      await agree(relayAgreement(region));
      await delivered(west, id);
      expect(gateway(south).exchange.status().quarantined).toBe(0);
    },
  );
});

describe("T36 a relay that lies, at the other hub", () => {
  let raw: RawAgency;
  let thief: RawAgency;
  let made: Publication;
  let channel = "";
  let id = "";

  /** The second hub, where raw agencies look for the first. */
  const secondWorld = (): World => {
    const { world, second } = region;
    const url = world.url.replace(/\d+$/, String(Number(/\d+$/.exec(world.url)?.[0]) + 40));
    return Object.create(world, {
      url: { value: url },
      plan: { value: { ...world.plan, hub: second.hub } },
    }) as World;
  };

  function relayed(by: RawAgency, differs: Partial<Relay> = {}, what: Publication = made): Bytes {
    const { slip, slipSignature, message } = what;
    const stated = {
      version: 1, relay: by.agency, agreementRef: "MoU relay 1", fromHub: region.first, toHub: region.second.hub,
      carried: digestCarried(what), takenAt: region.world.clock.now(), ...differs,
    }; // prettier-ignore
    const relayBytes = encodeRelay(stated);
    const relaySignature = by.signer.sign("atumpan-relay", relayBytes);
    return encodePublication({ slip, slipSignature, message, relay: relayBytes, relaySignature });
  }

  async function codeOf(by: RawAgency, bytes: Bytes, into = channel): Promise<string> {
    const outcome = await by.send({ bytes, channel: into });
    return outcome.kind === "accepted" ? "accepted" : outcome.line.code;
  }

  function publicationOf(agency: string, of: string): Publication & { readonly channel: string } {
    const { store } = gateway(agency).office;
    const found = store.messages.find(idOf(of));
    const [publication] = store.outbox.byMessage(found?.seq ?? 0);
    if (found === undefined || publication === undefined)
      throw new Error("it is not in the outbox");
    const { slip, slipSignature } = publication;
    return { slip, slipSignature, message: found.raw, channel: publication.channel };
  }

  beforeAll(async () => {
    await stopRelay();
    await agree(relayAgreement(region));
    id = await submit(west, mail(south));
    await until("its hub has it", () => rungs(west, id).includes(`ACCEPTED ${region.first}`));
    ({ channel, ...made } = publicationOf(west, id));
    raw = await rawAgency(secondWorld(), relay);
    thief = await rawAgency(secondWorld(), "sadc/centre");
  });

  afterAll(async () => {
    await raw?.close();
    await thief?.close();
  });

  it("is refused by code whatever it tries, and only what it found goes through, once", async () => {
    const { inbox, quarantined } = gateway(south).exchange.status();
    const bare = encodePublication(made);
    expect(await codeOf(raw, bare)).toBe("ORIGIN_MISMATCH");
    expect(await codeOf(raw, relayed(raw, { toHub: region.first, fromHub: region.second.hub }))).toBe("RELAY_INVALID");
    expect(await codeOf(raw, relayed(raw, { carried: digestCarried({ ...made, slip: made.message }) }))).toBe("RELAY_INVALID");
    expect(await codeOf(raw, relayed(raw, { agreementRef: "MoU relay 2" }))).toBe("RELAY_NOT_AGREED");
    expect(await codeOf(raw, relayed(raw, { relay: thief.agency }))).toBe("ORIGIN_MISMATCH");
    // somebody who has no mandate to relay
    expect(await codeOf(thief, relayed(thief))).toBe("RELAY_NOT_AGREED");
    expect(await codeOf(thief, relayed(raw))).toBe("ORIGIN_MISMATCH");
    // another mailbox, and other content
    const elsewhere = channel.replace(/.$/, (last) => (last === "a" ? "b" : "a"));
    expect(await codeOf(raw, relayed(raw), elsewhere)).toBe("SUBJECT_MISMATCH");
    const message = decodeMessage(made.message);
    const changed = encodeMessage({ ...message, sealed: Buffer.from(`${Buffer.from(message.sealed ?? []).toString()} `) });
    expect(await codeOf(raw, relayed(raw, {}, { ...made, message: changed }))).toBe("BODY_DIGEST_MISMATCH");
    // what is at home here is not relayed to here: two relays cannot hand it round
    // made by hand: what its own gateway is sending at this moment would have no answer of its own
    const signer = loadAgencySigner(region.world, south);
    const round = await composeFor(region.world, { signer } as RawAgency, mail(west));
    const { slip, slipSignature, message: sealed } = decodePublication(round.bytes);
    expect(await codeOf(raw, relayed(raw, {}, { slip, slipSignature, message: sealed }), round.channel)).toBe("RELAY_INVALID");
    const home = await submit(south, mail(west));
    // as it was found, and as often as one likes
    expect([await codeOf(raw, relayed(raw)), await codeOf(raw, relayed(raw))]).toEqual(["accepted", "accepted"]);
    await until("its reader has it", () => gateway(south).exchange.find(id)?.state === "VERIFIED");
    expect(gateway(south).exchange.status()).toMatchObject({ inbox: inbox + 1, quarantined });
    await raw.close();
    await start(relay);
    await delivered(west, id);
    await delivered(south, home);
    expect(gateway(south).exchange.status().inbox).toBe(inbox + 1);
  }); // prettier-ignore
});
