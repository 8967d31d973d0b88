import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { makeTakePublications } from "../exchange/index.ts";
import { submit } from "../exchange/submit.ts";
import { showDetail } from "../exchange/show.ts";
import { verifyRegister } from "../../certs/trust/index.ts";
import { parseUuid } from "../../schemas/ground/index.ts";
import {
  alert,
  bulletin,
  handedOf,
  type MadeOffice,
  makeOffice,
  signReceipt,
} from "../../test/kit/gateway-office.ts";
import { makeGatewayWorld, type GatewayWorld } from "../../test/kit/gateway-world.ts";
import { bring, carry, dump, makeParts } from "../../test/kit/carry-world.ts";

const now = Date.UTC(2026, 2, 9, 14, 5);
const names = ["ng/tcu", "gh/tcu", "sn/tcu"] as const;
let world: GatewayWorld;
let [nigeria, ghana]: MadeOffice[] = [];

beforeAll(async () => {
  world = await makeGatewayWorld(names, { now });
});

beforeEach(() => {
  nigeria = makeOffice(world, "ng/tcu");
  ghana = makeOffice(world, "gh/tcu");
});

afterEach(() => {
  nigeria!.close();
  ghana!.close();
});

function inbox({ store }: MadeOffice): readonly string[] {
  return store.messages
    .list({ box: "in", limit: 100 })
    .map(({ type, state }) => `${type} ${state}`);
}

async function say(office: MadeOffice, submission: unknown, key: string): Promise<number> {
  const { id } = await submit(office, submission, key);
  return office.store.messages.find(parseUuid(id))!.seq;
}

const detailOf = ({ store }: MadeOffice, seq: number): ReturnType<typeof showDetail> =>
  showDetail(store, store.messages.get(seq)!);

describe("a carry file", () => {
  it("brings what its reader is to have, with the keys to open it, and nothing else", async () => {
    await say(nigeria!, alert, "a");
    await say(nigeria!, bulletin, "b");
    const { file, written } = await carry(nigeria!, world, "gh/tcu");
    // an alert, a bulletin, and the share of the alert's key
    expect(written).toMatchObject({ to: "gh/tcu", messages: 3, withheld: 0, left: 0 });
    const taken = await bring(ghana!, file);
    expect(taken).toMatchObject({ writer: "ng/tcu", added: 3, known: 0, quarantined: 0 });
    expect(inbox(ghana!).toSorted()).toEqual(["alert.incident VERIFIED", "bulletin.red_flag VERIFIED"]);
    expect(ghana!.store.chains.changedSince(0).every(({ missing, broken }) => missing.length === 0 && !broken)).toBe(true);
  }); // prettier-ignore

  it("taken in again, whole, changes nothing", async () => {
    await say(nigeria!, alert, "a");
    const { file } = await carry(nigeria!, world, "gh/tcu");
    await bring(ghana!, file);
    const before = dump(ghana!);
    expect(await bring(ghana!, file)).toMatchObject({ added: 0, known: 2, quarantined: 0 });
    expect(dump(ghana!)).toEqual(before);
  });

  it("says of what it brought that it came by hand, until the hub hands over the same, and it stays one", async () => {
    const seq = await say(nigeria!, bulletin, "b");
    const { file } = await carry(nigeria!, world, "gh/tcu");
    await bring(ghana!, file);
    const [found] = ghana!.store.messages.list({ box: "in", limit: 1 });
    expect(detailOf(ghana!, found!.seq).carried).toEqual([{ agency: "ng/tcu", at: now }]);
    const duties = { refreshRegister: () => Promise.resolve(false), held: () => undefined };
    ghana!.clock.move(60_000);
    await makeTakePublications(ghana!, duties)(handedOf(nigeria!, seq));
    expect(inbox(ghana!)).toEqual(["bulletin.red_flag VERIFIED"]);
    expect(detailOf(ghana!, found!.seq).carried).toEqual([
      { agency: "ng/tcu", at: now, hubAt: now + 60_000 },
    ]);
  });

  it("does not call carried what the hub had brought before it", async () => {
    const seq = await say(nigeria!, bulletin, "b");
    const duties = { refreshRegister: () => Promise.resolve(false), held: () => undefined };
    await makeTakePublications(ghana!, duties)(handedOf(nigeria!, seq));
    await bring(ghana!, (await carry(nigeria!, world, "gh/tcu")).file);
    const [found] = ghana!.store.messages.list({ box: "in", limit: 1 });
    expect(detailOf(ghana!, found!.seq).carried).toBeUndefined();
  });

  it("takes the reader's receipts back: delivered, though no hub accepted it, and the next file is without it", async () => {
    const seq = await say(nigeria!, alert, "a");
    await bring(ghana!, (await carry(nigeria!, world, "gh/tcu")).file);
    expect(detailOf(nigeria!, seq).carried).toEqual([{ agency: "gh/tcu", at: now }]);
    const back = await carry(ghana!, world, "ng/tcu");
    expect(back.written).toMatchObject({ messages: 0, receipts: 1 });
    await bring(nigeria!, back.file);
    const { state, ladder } = detailOf(nigeria!, seq);
    expect(ladder.map(({ kind, by }) => `${kind} ${by}`)).toEqual(["DELIVERED gh/tcu"]);
    // sn/tcu is in the audience as well, and holds nothing yet
    expect(state).toBe("QUEUED");
    expect((await carry(nigeria!, world, "gh/tcu")).written.messages).toBe(0);
    expect((await carry(nigeria!, world, "sn/tcu")).written.messages).toBe(2);
  });

  it("goes on with what was not receipted, so a lost stick costs nothing", async () => {
    await say(nigeria!, bulletin, "b");
    await carry(nigeria!, world, "gh/tcu");
    await say(nigeria!, bulletin, "c");
    const { file, written } = await carry(nigeria!, world, "gh/tcu");
    expect(written.messages).toBe(2);
    expect(await bring(ghana!, file)).toMatchObject({ added: 2 });
  });

  it("holds nothing that is past its time, refused, or for others", async () => {
    await say(nigeria!, { ...bulletin, expiresAt: "2026-03-09T15:05:00.000Z" }, "b");
    nigeria!.clock.move(3_700_000);
    expect((await carry(nigeria!, world, "gh/tcu")).written.messages).toBe(0);
    await expect(carry(nigeria!, world, "ng/tcu")).rejects.toMatchObject({ code: "REQUEST_INVALID" });
    await expect(carry(nigeria!, world, "ml/tcu")).rejects.toMatchObject({ code: "AGENCY_UNKNOWN" });
  }); // prettier-ignore

  it("leaves out what the register does not let its reader have now, and says how much", async () => {
    await say(nigeria!, alert, "a");
    const view = verifyRegister(
      world.publish((parts) => ({
        ...parts,
        mandates: parts.mandates.filter(({ agency, action }) => agency !== "gh/tcu" || action !== "READ"),
      })),
      world.anchors,
    );
    const office = { ...nigeria!, register: () => view };
    expect((await carry(office, world, "gh/tcu")).written).toMatchObject({ messages: 0, withheld: 2 });
    expect((await carry(office, world, "sn/tcu")).written).toMatchObject({ messages: 2, withheld: 0 });
  }); // prettier-ignore

  it("leaves out what its sender protected from the reader since", async () => {
    const seq = await say(nigeria!, bulletin, "b");
    const { id, originator } = nigeria!.store.messages.get(seq)!;
    const kept = { id, originator, states: ["GH"], agencies: [] };
    await nigeria!.store.write(() => nigeria!.store.keptMessages.add(kept));
    expect((await carry(nigeria!, world, "gh/tcu")).written).toMatchObject({ messages: 0, withheld: 1 });
    expect((await carry(nigeria!, world, "sn/tcu")).written).toMatchObject({ messages: 1 });
  }); // prettier-ignore

  it("is not written by a register that is too old for anything", async () => {
    nigeria!.clock.move(60 * 86_400_000);
    await expect(carry(nigeria!, world, "gh/tcu")).rejects.toMatchObject({ code: "REGISTER_STALE" });
  }); // prettier-ignore

  it("is not written to a key that nobody vouches for", async () => {
    const office = { ...nigeria!, pins: { ...nigeria!.pins, under: () => () => false } };
    await expect(carry(office, world, "gh/tcu")).rejects.toMatchObject({ code: "SEAL_KEY_UNCONFIRMED" });
  }); // prettier-ignore
});

describe("what was delivered by hand", () => {
  it("stays delivered when it comes too late for the hub, and not when the hub refuses it", async () => {
    const small = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
    for (const [code, state] of [["ENVELOPE_EXPIRED", "DELIVERED"], ["MANDATE_MISSING", "REFUSED"]] as const) {
      const [from, to] = [makeOffice(small, "ng/tcu"), makeOffice(small, "gh/tcu")];
      const seq = await say(from, bulletin, "b");
      await bring(to, (await carry(from, small, "gh/tcu")).file);
      await bring(from, (await carry(to, small, "ng/tcu")).file);
      expect(detailOf(from, seq).state).toBe("DELIVERED");
      const { digest: publicationDigest, channel } = from.store.outbox.byMessage(seq)[0]!;
      const refused = [{ publicationDigest, channel, code }];
      await makeParts(from).takeReceipts([signReceipt(small, "ecowas/hub", { recipient: "ng/tcu", refused })]);
      expect(detailOf(from, seq).state).toBe(state);
      expect(detailOf(from, seq).ladder.map(({ kind }) => kind).toSorted()).toEqual(["DELIVERED", "REFUSED"]);
      for (const office of [from, to]) office.close();
    }
  }); // prettier-ignore
});
