import { beforeAll, describe, expect, it } from "vitest";

import {
  evidenceNow as now,
  type EvidenceWorld,
  makeEvidenceWorld,
  openedMail,
} from "../../test/kit/evidence.ts";
import {
  checkEvidence,
  dimensions,
  parseRoots,
  renderEvidence,
  renderRoots,
} from "../evidence/index.ts";
import { judgeEvidence } from "./index.ts"; // prettier-ignore

let world: EvidenceWorld;
let file: Buffer;
let roots: Uint8Array;
beforeAll(async () => {
  world = await makeEvidenceWorld();
  file = Buffer.from(renderEvidence(world.make()));
  roots = renderRoots(world.view, now);
});

const at = now + 100_000;

/** The sign after one in the alphabet of base64: the same octets, with one spare bit set. */
function next(sign: string): string {
  const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return signs[signs.indexOf(sign) + 1] ?? "";
}

/** Both answers to each question, in one line each: the page's, and that of the command. */
async function both(bytes: Uint8Array, trusted: Uint8Array | undefined): Promise<readonly [string, string][]> {
  const page = await judgeEvidence({ file: Uint8Array.from(bytes), roots: trusted && Uint8Array.from(trusted), now: at });
  const command = checkEvidence(bytes, { trust: trusted && parseRoots(trusted), now: at });
  return dimensions.map((name) => {
    const [ours, theirs] = [page.verdicts[name], command.dimensions[name]];
    return [`${name} ${ours?.says}`, `${name} ${theirs.says}`];
  });
} // prettier-ignore

describe("the page's verifier", () => {
  it.each(["roots", "nothing"])("says of a good file what the command says, by %s", async (by) => {
    for (const [ours, theirs] of await both(file, by === "roots" ? roots : undefined)) {
      expect(ours).toBe(theirs);
    }
  });

  it("a good file has no no, and yes where roots are enough", async () => {
    const { verdicts } = await judgeEvidence({ file: Uint8Array.from(file), roots: Uint8Array.from(roots), now: at }); // prettier-ignore
    const open = Object.entries(verdicts).filter(([, { says }]) => says !== "YES");
    expect(open.map(([name, { why }]) => `${name} ${why}`).toSorted()).toEqual(
      ["audience NEEDS_REGISTER", "receipts NEEDS_REGISTER", "register NEEDS_REGISTER"]); // prettier-ignore
  });

  it("judges opened direct mail by its end inside, as the command does", async () => {
    for (const [after, says] of [[1001, "YES"], [1000, "NO"]] as const) {
      const made = Buffer.from(renderEvidence(world.make(openedMail(now + after))));
      const answers = await both(made, roots);
      expect(answers.find(([ours]) => ours.startsWith("time "))).toEqual([`time ${says}`, `time ${says}`]);
    }
  }); // prettier-ignore

  it("of 120 files with one byte changed none that the command refuses has the answers of the good one", async () => {
    const good = JSON.stringify(await judgeEvidence({ file: Uint8Array.from(file), roots: Uint8Array.from(roots), now: at }).then(({ verdicts }) => verdicts)); // prettier-ignore
    let seed = 7;
    for (let i = 0; i < 120; i += 1) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      const bad = Buffer.from(file);
      const place = seed % bad.length;
      bad[place] = bad[place]! ^ (1 << (i % 8));
      const { verdicts } = await judgeEvidence({ file: Uint8Array.from(bad), roots: Uint8Array.from(roots), now: at }); // prettier-ignore
      const command = checkEvidence(bad, { trust: parseRoots(roots), now: at });
      const isSeen = JSON.stringify(verdicts) !== good;
      // what a receipt says is the register's to prove, so the page leaves it open
      const isRest = dimensions.every(
        (name) => name === "receipts" || command.dimensions[name].says !== "NO",
      );
      expect([i, isSeen || isRest]).toEqual([i, true]);
    }
  });

  it("a spare bit set in the last sign of base64 is a change: in the register's digest, and in a signature", async () => {
    const asked = { roots: Uint8Array.from(roots), now: at };
    const respelt = (text: string, end: number): string => text.slice(0, end) + next(text[end] ?? "") + text.slice(end + 1);
    const whole = file.toString();
    const digest = respelt(whole, whole.indexOf('="},"leaf"') - 1);
    expect((await judgeEvidence({ ...asked, file: Uint8Array.from(Buffer.from(digest)) })).verdicts["form"]).toMatchObject({ says: "NO" });
    const evidence: { message: string } = JSON.parse(whole);
    const message = Buffer.from(evidence.message, "base64").toString("latin1");
    const signed = respelt(message, (/\.\.[\w-]{86}/.exec(message)?.index ?? 0) + 87);
    const changed = `${JSON.stringify({ ...evidence, message: Buffer.from(signed, "latin1").toString("base64") })}\n`;
    const { verdicts } = await judgeEvidence({ ...asked, file: Uint8Array.from(Buffer.from(changed)) });
    expect(verdicts["form"]).toMatchObject({ says: "YES" });
    expect(verdicts["signature"]).toMatchObject({ says: "NO", why: "BYTES_NOT_CANONICAL" });
  }); // prettier-ignore

  it("what is no file of evidence is refused whole, and roots that are none are not believed", async () => {
    const { verdicts } = await judgeEvidence({ file: new TextEncoder().encode("{}\n"), now: at });
    expect(verdicts["form"]).toMatchObject({ says: "NO", why: "EVIDENCE_INVALID" });
    expect(verdicts["signature"]).toMatchObject({ says: "UNKNOWN" });
    const wrong = { file: Uint8Array.from(file), roots: new TextEncoder().encode("{}"), now: at };
    await expect(judgeEvidence(wrong)).rejects.toThrow("EVIDENCE_INVALID");
  });
});
