import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { loadSigningKey, makeKeyPair, makeSigningKey } from "../../certs/keys/index.ts";
import {
  checkQuorum,
  logOriginOf,
  makeCosigner,
  makeNoteSigner,
  parseNote,
  renderNote,
  verifyCheckpoint,
} from "../../certs/log/index.ts";
import { publish } from "../../deploy/local/register.ts";
import { openSeenStore } from "../../deploy/witness/seen-store.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { decodeLogAnswer, outLogSubject } from "../../schemas/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";
import { rawAgency, type RawAgency } from "../kit/agency.ts";
import { forge } from "../kit/forge.ts";
import { noteKey } from "../kit/note-key.ts";
import { editRegister, readRegister, replaceRegister, withAgency } from "../kit/register-edit.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { makeTestLog } from "../kit/test-log.ts";
import { makeAgencyWitness, runWitnessVerb } from "../kit/witness-runs.ts";
import { startWorld, type World } from "../kit/world.ts";

const day = 86_400_000;

let world: World;
let ng: RawAgency;
let gh: Gateway;
let first: Bytes;

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh"] });
  first = readRegister(world.layout.register);
  ng = await rawAgency(world, "ng/tcu");
  gh = await world.gateway("gh/tcu");
  await world.gateway("ecowas/centre");
});

afterAll(async () => {
  await ng?.close();
  await world?.stop();
});

describe("the log of the hub", () => {
  it("its key is its owner's alone, and the register says by what its checkpoints are verified", async () => {
    const { hub, logKey } = world.layout;
    expect(statSync(logKey).mode & 0o777).toBe(0o600);
    const file = join(hub, "log", "checkpoint");
    await until("the log has a checkpoint", () => existsSync(file));
    const keysOfLog = world.register().logKeys(world.plan.hub, Date.now());
    const { checkpoint } = verifyCheckpoint(readFileSync(file), ...keysOfLog);
    expect(checkpoint.origin).toBe(logOriginOf(world.plan.hub));
    const { verifierKey } = makeNoteSigner(checkpoint.origin, makeSigningKey(makeKeyPair("Ed25519")));
    expect(() => verifyCheckpoint(readFileSync(file), verifierKey)).toThrow(/not signed by its log/);
  });

  it("witnesses of two states cosign it; only both are a quorum, which outlives a restart of the hub", async () => {
    const runs = [{ agency: "ng/fiu", name: "w/ng", dir: "w-ng" }, { agency: "gh/fiu", name: "w/gh", dir: "w-gh" }];
    const told = await Promise.all(runs.map((one) => makeAgencyWitness(world, one)));
    const witnesses = runs.map(({ agency, name }, i) => ({ agency, name, keys: told[i]!.map((verifierKey) => ({ verifierKey, from: 0 })) }));
    await world.publish({ region: (now) => ({ ...now, witnessing: { witnesses, quorum: 2 } }) });
    const status = () => world.broker.status().witnesses;
    await until("a checkpoint is offered", () => status()?.missingSince !== undefined);
    const visit = (dir: string) => runWitnessVerb(world.layout.home, "run", dir, "--once");
    const once = await visit("w-ng");
    expect([once.code, once.err]).toEqual([0, expect.stringMatching(/cosigned \d+ entries/)]);
    expect(status()).toMatchObject({ missing: ["w/gh"], size: undefined });
    // on a slow machine another checkpoint may be offered meanwhile
    await until("both cosigned", async () => {
      for (const dir of ["w-gh", "w-ng"]) {
        expect((await visit(dir)).code).toBe(0);
        if (status()?.size !== undefined) return true;
      }
      return false;
    });
    const { size, missing, missingSince } = status()!;
    expect([missing, missingSince]).toEqual([[], undefined]);
    const kept = parseNote(readFileSync(join(world.layout.hub, "log-cosigned")));
    const policy = world.register().witnessPolicy(Date.now());
    expect(checkQuorum(kept, policy)).toEqual({ isMet: true, by: ["w/ng", "w/gh"], missing: [] });
    // who was shown another history by the same key says so, and keeps both
    await makeAgencyWitness(world, { agency: "ng/moc", name: "w/moc", dir: "w-moc" });
    const logSigner = makeNoteSigner(logOriginOf(world.plan.hub), loadSigningKey(world.layout.logKey));
    const lie = makeTestLog(logSigner.verifierKey.name, size!, { signer: logSigner, from: 0 });
    const before = openSeenStore(join(world.layout.home, "w-moc"));
    before.save(logSigner.verifierKey.name, parseNote(lie.checkpoint(size!)));
    const found = await visit("w-moc");
    expect([found.code, found.err]).toEqual([8, expect.stringContaining("ALARM")]);
    expect(readdirSync(join(world.layout.home, "w-moc", "evidence"))).toHaveLength(1);
    await world.stopBroker();
    await world.startBroker();
    expect(status()?.size).toBe(size);
    // the hub shows it to whoever asks, with both lines
    const answer = decodeLogAnswer((await ng.link.request(outLogSubject("cosigned"), "")).data);
    expect(checkQuorum(parseNote(answer.checkpoint!), policy).isMet).toBe(true);
    // a line by nobody of the register is not taken
    const stranger = renderNote({ ...kept, signatures: [makeCosigner("w/ng", noteKey("ed25519")).cosign(kept.text, Date.now())] });
    const refused = decodeLogAnswer((await ng.link.request(outLogSubject("cosign"), stranger)).data);
    expect(refused.refused).toBe("LOG_NOTE_INVALID");
    expect(parseNote(readFileSync(join(world.layout.hub, "log-cosigned")))).toEqual(kept);
  });
}); // prettier-ignore

let keys = 0;

/**
 * Lets an agency hear from the hub, whose receipts tell the epoch, until it has fetched that. It asks for a
 * register at most every five seconds, so one receipt may come too soon after the last.
 */
async function learn(gateway: Gateway): Promise<void> {
  const { epoch } = world.register();
  let heard = -1000;
  await until(`epoch ${epoch} is there`, async () => {
    if (gateway.register().epoch === epoch) return true;
    if (performance.now() - heard < 1000) return false;
    heard = performance.now();
    keys += 1;
    await gateway.exchange.submit(example("red-flag"), `learn-${keys}`);
    return false;
  });
}

async function codeOf(handling: string): Promise<string> {
  const outcome = await ng.send(forge(ng.signer, { envelope: { handling } }));
  return outcome.kind === "refused" ? outcome.line.code : "ACCEPTED";
}

/** Whether the hub wrote down that it refused a register, and why. */
function refusals(): readonly unknown[] {
  return world
    .audit()
    .filter(({ event }) => event === "register refused")
    .map(({ fields }) => fields["code"]);
}

function gatewayLog(): string {
  return readFileSync(join(world.layout.logs, "gateways.log"), "utf8");
}

async function offer(register: Bytes): Promise<void> {
  replaceRegister(world.layout.register, register);
  await world.broker.refresh();
}

describe("a new epoch", () => {
  it("changes what the hub admits from the next message on, without ending anybody's session", async () => {
    expect(await codeOf("H2")).toBe("ACCEPTED");
    await world.publish({
      region: (now) => ({
        ...now,
        mandates: now.mandates.map((one) =>
          one.agency === "ng/tcu" && one.action === "PUBLISH"
            ? { ...one, handlingUpTo: "H1" }
            : one,
        ),
      }),
    });
    expect(await codeOf("H2")).toBe("MANDATE_MISSING");
    expect(await codeOf("H1")).toBe("ACCEPTED");
    expect(ng.link.isClosed()).toBe(false);
    expect(gh.exchange.status().linkUp).toBe(true);
  });

  it("reaches gateways through the hub, and is on their disk", async () => {
    const { epoch } = world.register();
    await learn(gh);
    const kept = readFileSync(join(world.layout.gateway("gh/tcu"), "register.bin"));
    expect(kept.equals(readRegister(world.layout.register))).toBe(true);
    await world.stopGateway("gh/tcu");
    gh = await world.gateway("gh/tcu");
    expect(gh.register().epoch).toBe(epoch);
  });

  it("lets in an agency that was not there before, with a login and an inbox of its own", async () => {
    const mandate = world.plan.mandates.find(
      ({ agency, action }) => agency === "gh/moc" && action === "READ",
    )!;
    const gained = { ...mandate, agency: "ng/fiu", crimes: ["*"], types: ["bulletin.*"] };
    const fiu = await world.gateway("ng/fiu");
    const drugs = { handling: "H0" } as const;
    const before = fiu.exchange.status().inbox;
    await world.publish({
      region: (now) => ({ ...now, mandates: [...now.mandates, gained] }),
      states: {
        ng: (now) => ({ ...now, nominations: [...now.nominations, gained] }),
        gh: (now) => ({
          ...now,
          release: now.release.map((one) => ({ ...one, kinds: [], types: [] })),
        }),
      },
    });
    await until("its consumer stands", async () =>
      (await world.desk.jetStream.consumers("FEED_ECOWAS")).includes("ng_fiu"),
    );
    const { id } = await gh.exchange.submit(example("red-flag", drugs), "for the newcomer");
    await until("it reads the feed", () => fiu.exchange.find(id) !== undefined);
    expect(fiu.exchange.find(id)?.state).toBe("VERIFIED");
    // and what stood there before it came, because a feed is kept
    expect(fiu.exchange.status().inbox).toBeGreaterThan(before);
  });

  it("takes reading away as it gives it", async () => {
    const sender = await world.gateway("ecowas/centre");
    const reader = await world.gateway("gh/moc");
    const { id } = await sender.exchange.submit(example("red-flag"), "before");
    await until("it is read", () => reader.exchange.find(id) !== undefined);
    await world.publish({
      region: (now) => ({
        ...now,
        mandates: now.mandates.filter(
          ({ agency, action }) => agency !== "gh/moc" || action !== "READ",
        ),
      }),
    });
    const after = await sender.exchange.submit(example("red-flag"), "after");
    await until("others read it", () => gh.exchange.find(after.id) !== undefined);
    expect(reader.exchange.find(after.id)).toBeUndefined();
    expect(await world.desk.jetStream.consumers("FEED_ECOWAS")).not.toContain("gh_moc");
  });

  it("brings a suspended agency's traffic to an end, and its session", async () => {
    const suspended = await rawAgency(world, "gh/fiu");
    const closed = suspended.link.closed();
    await world.publish({
      states: { gh: withAgency("gh/fiu", (now) => ({ ...now, suspendedFrom: Date.now() - 1000 })) },
    });
    await closed;
    await expect(rawAgency(world, "gh/fiu")).rejects.toThrow("Authorization Violation");
    await suspended.close();
  });
});

describe("a register that is not the next one", () => {
  it("is refused by hub and gateway when it is older", async () => {
    const current = readRegister(world.layout.register);
    const { epoch } = world.register();
    const before = refusals().length;
    await offer(first);
    expect(refusals().slice(before)).toEqual(["REGISTER_ROLLBACK"]);
    expect(world.broker.status().epoch).toBe(epoch);
    await offer(current);
    await learn(gh);
    writeFileSync(join(world.layout.gateway("gh/tcu"), "register.bin"), first);
    // it looks at the file every ten seconds, and at every start
    await until("it looked", () => gatewayLog().includes("the register's file was passed over"));
    expect(gh.register().epoch).toBe(epoch);
  });

  it("is refused when two bear one number, or when nobody who may sign did", async () => {
    const { offices } = world;
    const current = readRegister(world.layout.register);
    const { epoch } = world.register();
    const now = Date.now();
    const held = editRegister(current, {}, { offices, now });
    const before = refusals().length;
    await offer(held);
    expect(world.broker.status().epoch).toBe(epoch + 1);
    await offer(editRegister(current, {}, { offices, now: now + 1000 }));
    const forged = { ...offices, registrar: makeSigningKey(makeKeyPair("P-256")) };
    await offer(publish(held, { states: [] }, { offices: forged, now }));
    await offer(Buffer.from("no register"));
    expect(refusals().slice(before)).toEqual([
      "REGISTER_FORKED", "REGISTER_SIGNATURE_INVALID", "REGISTER_INVALID",
    ]); // prettier-ignore
    expect(world.broker.status().epoch).toBe(epoch + 1);
    await offer(held);
  });

  it("is passed over after a restart too: the hub goes on with what it held, whatever older file is there", async () => {
    const current = readRegister(world.layout.register);
    const { epoch } = world.broker.status();
    await world.stopBroker();
    replaceRegister(world.layout.register, first);
    await world.startBroker();
    expect(world.broker.status().epoch).toBe(epoch);
    await world.broker.refresh();
    expect(world.broker.status().epoch).toBe(epoch);
    await offer(current);
  });
});

/** After three days in date and three more for what is routine; before its lists are over too. */
const pastLastUse = 6.5 * day;

describe("a register past its last use", () => {
  it("admits nothing and nobody, and all goes on when a newer one is there", async () => {
    const { accepted } = world.broker.status();
    world.shift(pastLastUse);
    await world.broker.refresh();
    expect(world.broker.ready).toBe(false);
    await expect(gh.exchange.submit(example("red-flag"), "stale")).rejects.toMatchObject({
      code: "REGISTER_STALE",
    });
    const now = Date.now() + pastLastUse;
    const made = forge(ng.signer, { envelope: { handling: "H1" }, now });
    const outcome = ng.send(made);
    await until("it is held back", () => world.broker.status().heldBack > 0);
    expect(world.broker.status().accepted).toBe(accepted);
    world.shift(-pastLastUse);
    await world.broker.refresh();
    expect(world.broker.ready).toBe(true);
    // by then it is from the future, and that is the sender's own doing
    expect(await outcome).toMatchObject({ line: { code: "ENVELOPE_FROM_FUTURE" } });
    expect(await codeOf("H1")).toBe("ACCEPTED");
  });
});
