import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import {
  parseUuid,
  renderBase64url,
  renderUuid,
  sha256,
  utf8,
} from "../../schemas/ground/index.ts";
import { bodyCodecs, decodeParts, joinParts } from "../../schemas/index.ts";
import type { GatewayWorld } from "../../test/kit/gateway-world.ts";
import {
  makeRecallWorld,
  openRecallRegion,
  type RecallRegion,
  type RecallSide,
} from "../../test/kit/recall-world.ts";
import { exampleNow } from "../../test/kit/submissions.ts"; // prettier-ignore

const now = 1_780_272_000_000;
const day = 86_400_000;
const names = ["ng/tcu", "gh/tcu", "ci/tcu", "sn/tcu"];
let world: GatewayWorld;
let region: RecallRegion;
let owner: RecallSide;
let reader: RecallSide;
let further: RecallSide;
let source: string;
let carrier: string;

type Json = Readonly<Record<string, unknown>>;

beforeAll(async () => {
  world = await makeRecallWorld(names, now);
});
beforeEach(async () => {
  region = openRecallRegion(world, names);
  [owner, reader, further] = ["ng/tcu", "gh/tcu", "sn/tcu"].map((one) => region.side(one)) as [RecallSide, RecallSide, RecallSide];
  source = await owner.submit(ask("gh/tcu", "Three crates"), "source");
  await region.carry();
  carrier = await giveOn("first");
}); // prettier-ignore
afterEach(() => region.close());

function at(days: number): string {
  return new Date(region.clock.now() + days * day).toISOString();
}

function ask(to: string, text: string, more: Json = {}): Json {
  const said = exampleNow("request.information", region.clock.now());
  const own = { ...said.inner, courtUse: undefined };
  return JSON.parse(JSON.stringify({ type: "request.information", ...said, crimes: ["drugs"], handling: "H0", recipients: [to], inner: own, body: { ...said.body, facts: { text, lang: "en" }, attachments: undefined, ...more } })) as Json;
} // prettier-ignore

/** The reader passes the source on to sn/tcu, in a message of his own. */
async function giveOn(key: string, more: Json = {}): Promise<string> {
  const id = await reader.submit(ask("sn/tcu", `Passed on: three crates (${key})`, more), `on ${key}`);
  const { store } = reader.office;
  const use = { kind: "ONWARD", uses: ["ONWARD_LE"], purposes: ["INVESTIGATION"], crimes: ["drugs"], ground: "NOT_ASKED", by: "" } as const;
  await store.write(() => store.onward.add({ ...use, source: parseUuid(source), owner: "ng/tcu", agency: "sn/tcu", carrier: id, at: region.clock.now() }));
  await region.carry();
  return id;
} // prettier-ignore

function order(type: string, body: Json, more: Json = {}): Json {
  return { type, crimes: ["drugs"], handling: "H0", recipients: ["gh/tcu"], ...more, body };
}

async function correct(body: Json = {}): Promise<string> {
  const changes = [{ pointer: "/facts/text", change: "REPLACED", newValue: "Two crates" }];
  return await owner.submit(order("data.correct", { targetId: source, correctionReason: "ERROR", changes, effectiveAt: at(0), deadline: at(7), ...body }), "correct");
} // prettier-ignore

/** Somebody of an agency reads all that came about a type. */
async function read({ office }: RecallSide, type: string): Promise<void> {
  const { store, clock } = office;
  const all = store.messages.list({ box: "in", limit: 200 }).filter((one) => one.type === type);
  await store.write(() => {
    for (const { id } of all)
      store.opened.add(store.messages.find(id)!.seq, "person:ama", clock.now());
  });
}

function holder(side: RecallSide, target: string, agency: string): Json | undefined {
  const copies = side.desk.show(target)["copies"] as readonly Json[];
  return copies.find((one) => one["agency"] === agency);
}

function received({ office }: RecallSide, type: string): readonly Json[] {
  const { store } = office;
  return store.messages.list({ box: "in", limit: 200 }).filter((one) => one.type === type).map(({ id, originator }) => ({ id: renderUuid(id), originator }));
} // prettier-ignore

/** An answer by hand to the owner's order, as somebody here writes it. */
function answer(id: string, purged: Json): Promise<string> {
  return reader.submit(
    order(
      "data.purge_ack",
      { purged: [{ targetId: source, ...purged }], backupsIncluded: true },
      { recipients: ["ng/tcu"], inReplyTo: id },
    ),
    `hand ${JSON.stringify(purged)}`,
  );
}

describe("an answer by hand", () => {
  const purge = async (): Promise<string> => {
    const { sent } = await owner.desk.start(
      { ids: [source], scope: "MESSAGE", reason: "UNLAWFUL", deadline: region.clock.now() + day },
      "back",
    );
    await region.carry();
    return sent[0]!.id;
  };
  const deleted = { done: "DELETED", doneAt: new Date(now).toISOString() };
  const acks = (): number =>
    reader.office.store.messages
      .list({ box: "out", limit: 100 })
      .filter(({ type }) => type === "data.purge_ack").length;

  it("is not that it is deleted while the onward log names somebody of whom it says nothing, within the network or outside", async () => {
    const { store } = reader.office;
    const id = await purge();
    await expect(answer(id, deleted)).rejects.toMatchObject({
      code: "SCHEMA_INVALID",
      message: expect.stringContaining("sn/tcu") as string,
    });
    const said = { ...deleted, onwardDone: ["sn/tcu"] };
    await store.write(() =>
      store.onward.add({
        kind: "COURT",
        uses: ["COURT_USE"],
        purposes: ["INVESTIGATION"],
        crimes: ["drugs"],
        ground: "NOT_ASKED",
        by: "",
        source: parseUuid(source),
        owner: "ng/tcu",
        country: "GH",
        bodyName: "High Court",
        carrier: "file 7",
        at: now,
      }),
    );
    await expect(answer(id, said)).rejects.toMatchObject({
      code: "SCHEMA_INVALID",
      message: expect.stringContaining("confirm it first") as string,
    });
    expect(acks()).toBe(0);
    const { seq } = store.onward
      .of(parseUuid(source))
      .find(({ bodyName }) => bodyName === "High Court")!;
    await reader.desk.confirmOutside({ order: id, use: seq, ref: "letter 3" }, { by: "ama" });
    await answer(id, said);
    expect(acks()).toBe(1);
  });

  it("is that it is under way, or refused, whatever the log names", async () => {
    const id = await purge();
    await answer(id, { done: "UNDER_WAY" });
    await answer(id, { done: "REFUSED", purgeRefusal: "OWN_COLLECTION" });
    expect(acks()).toBe(2);
  });
}); // prettier-ignore

describe("what takes two officers to pass on", () => {
  it("is a correction that waits at the order, and is done by the one that an officer sends by hand", async () => {
    const why = (draft: { readonly type: string }): readonly string[] =>
      draft.type === "data.correct" ? ["HANDLING"] : [];
    Object.assign(reader.office, { fourEyes: why });
    const id = await correct();
    await region.settle();
    expect(reader.desk.asked()).toMatchObject([
      { order: id, kind: "CORRECT", state: "OPEN", trouble: "RELEASE_NEEDED" },
    ]);
    expect(received(further, "data.correct")).toEqual([]);
    expect(holder(owner, source, "gh/tcu")).toMatchObject({ state: "OPEN" });
    Object.assign(reader.office, { fourEyes: undefined });
    const changes = [{ pointer: "/facts/text", change: "REPLACED", newValue: "Two crates" }];
    const own = {
      targetId: carrier,
      correctionReason: "ERROR",
      changes,
      effectiveAt: at(0),
      deadline: at(7),
    };
    await reader.submit(order("data.correct", own, { recipients: ["sn/tcu"] }), "by hand");
    Object.assign(reader.office, { fourEyes: why });
    await region.settle();
    for (const side of [reader, further]) await read(side, "data.correct");
    await region.settle();
    expect(received(further, "data.correct")).toHaveLength(1);
    expect(reader.desk.asked()).toMatchObject([
      { kind: "CORRECT", state: "DONE", told: "CORRECTED" },
    ]);
    expect(holder(owner, source, "gh/tcu")).toMatchObject({
      state: "DONE",
      answer: { done: "CORRECTED", onwardDone: ["sn/tcu"] },
    });
  });
}); // prettier-ignore

describe("a file that is taken back", () => {
  it("goes on to who was given that file, by the message that names it alone", async () => {
    const [digest, other] = [
      renderBase64url(sha256(utf8("a scan"))),
      renderBase64url(sha256(utf8("another"))),
    ];
    const naming = (one: string): Json => ({
      attachments: [
        {
          digest: one,
          role: "REPORT",
          mediaType: "application/pdf",
          size: 10,
        },
      ],
    });
    source = await owner.submit(ask("gh/tcu", "With a scan", naming(digest)), "with file");
    await region.carry();
    const [carries, lacks] = [
      await giveOn("with", naming(digest)),
      await giveOn("without", naming(other)),
    ];
    await owner.desk.start(
      {
        ids: [source],
        scope: "ATTACHMENT",
        reason: "UNLAWFUL",
        deadline: region.clock.now() + day,
        more: { attachmentDigests: [digest] },
      },
      "back",
    );
    await region.settle();
    const { store } = further.office;
    const [purge, ...more] = received(further, "data.purge").map(({ id }) =>
      store.messages.find(parseUuid(String(id)))!,
    );
    const { targetIds, purgeScope, attachmentDigests } = bodyCodecs["data.purge"].decode(
      joinParts(decodeParts(purge!.parts!).parts).body,
    );
    expect([
      targetIds.map(renderUuid),
      purgeScope,
      attachmentDigests.map(renderBase64url),
      more,
    ]).toEqual([[carries], "ATTACHMENT", [digest], []]);
    expect([carries, lacks].map((id) => store.messages.find(parseUuid(id))?.state)).toEqual([
      "VERIFIED",
      "VERIFIED",
    ]);
    expect(holder(owner, source, "gh/tcu")).toMatchObject({
      state: "DONE",
      answer: { onwardDone: ["sn/tcu"] },
    });
  });
}); // prettier-ignore
