import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Signer } from "../certs/keys/index.ts";
import type { JetStream } from "./nats/index.ts";
import { bindSigner, checkTurns, noteBroker, seenByOthers } from "./turns.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "turns-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const broker = (name: string, dir = name) => ({
  dir: join(folder, dir),
  standby: { name, folder },
});
const refused = expect.objectContaining({ code: "CONFIG_INVALID" });

describe("brokers of one hub", () => {
  it("each is known by its folder, and what the others saw of the log is found there", () => {
    for (const name of ["one", "two", "three"]) noteBroker(broker(name));
    noteBroker(broker("one"));
    expect(seenByOthers(broker("two"))).toEqual(["one", "three"].map((name) => join(folder, name, "log-seen")).toSorted());
    expect(seenByOthers({ dir: folder })).toEqual([]);
  });

  it("two never have one folder, nor one name", () => {
    noteBroker(broker("one"));
    expect(() => noteBroker(broker("two", "one"))).toThrow(refused);
    expect(() => noteBroker(broker("one", "elsewhere"))).toThrow(refused);
    expect(seenByOthers(broker("two"))).toEqual([join(folder, "one", "log-seen")]);
  });

  it("one that takes no turns is refused where others do, and let in where nobody does", async () => {
    const server = (found: object | undefined) => ({ stream: () => Promise.resolve(found) }) as unknown as JetStream;
    await expect(checkTurns(server({}), {})).rejects.toThrow(refused);
    await expect(checkTurns(server(undefined), {})).resolves.toBeUndefined();
    await expect(checkTurns(server({}), broker("one"))).resolves.toBeUndefined();
  });

  it("nothing is signed in the hub's name while it may be another's turn", () => {
    const turn = { isOurs: true, isLost: false };
    const signed: string[] = [];
    const own: Signer = { signer: "au/hub", sign: (typ) => `${signed.push(typ)}`, signAll: (typ) => [`${signed.push(typ)}`] };
    const signer = bindSigner(own, { turn });
    signer.sign("atumpan-receipt", new Uint8Array());
    turn.isOurs = false;
    expect(() => signer.sign("atumpan-receipt", new Uint8Array())).toThrow(expect.objectContaining({ code: "HUB_UNREACHABLE" }));
    expect(signed).toEqual(["atumpan-receipt"]);
    expect(bindSigner(own, {}).sign("atumpan-receipt", new Uint8Array())).toBe("2");
  });
}); // prettier-ignore
