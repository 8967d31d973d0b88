import { makeOrder, parseSignedOrder, renderSignedOrder } from "../../../broker/index.ts";
import { parsePack, renderPack } from "../../../deploy/keeping/tile-packs.ts";
import { parseDrill } from "../../../deploy/verify-drill.ts";
import { bareMetrics, bareOf } from "../../../gateways/cli/support-bare.ts";
import { renderHex, sha256, utf8 } from "../../../schemas/ground/index.ts";
import { hold } from "../promises.ts";
import { jsonTarget, type Target, textTarget } from "../target.ts";

const report = JSON.stringify({
  agency: "au/hub-one", backup: "hub.backup", createdAt: 1, drilledAt: 2, behindMs: 1, epoch: 3, entries: 4, withKeys: false,
  found: { acts: 5, logRoot: "00" },
}); // prettier-ignore
const drill = { report, signature: "a..b", digest: renderHex(sha256(utf8(report))) };
const stop = makeOrder({ act: "STOP", hub: "au/hub-one", at: 1, reason: "DRILL" });
const resume = makeOrder({ act: "RESUME", hub: "au/hub-one", at: 2, since: 1 });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Every word of a value that came out. */
function wordsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(wordsOf);
}

/** What an operator's folder, or somebody who writes into it, hands in. */
export const keepingTargets: readonly Target[] = [
  {
    name: "broker/parseSignedOrder",
    shape: "json",
    codes: ["REQUEST_INVALID", "BYTES_NOT_TEXT"],
    seeds: [stop, resume, { ...stop, signatures: ["a..b"] }].map(renderSignedOrder),
    run: (input) => {
      const { order } = parseSignedOrder(input);
      hold(["STOP", "RESUME"].includes(order.act), "an order is neither");
    },
  },
  {
    name: "deploy/parseDrill",
    shape: "json",
    codes: ["BACKUP_INVALID", "BYTES_NOT_TEXT"],
    seeds: [utf8(JSON.stringify(drill))],
    run: (input) => {
      const { report: found, text } = parseDrill(input);
      hold(JSON.stringify(found).length <= text.length * 2, "more came out of a report than is in it");
    },
  },
  {
    name: "deploy/parsePack",
    shape: "bytes",
    codes: ["BACKUP_INVALID"],
    seeds: [renderPack([{ name: "hub/log/tile/entries/000", content: utf8("leaves") }, { name: "hub/brokers/two/log/tile/0/x001/067", content: utf8("hashes") }])],
    run: (input) => {
      const files = parsePack(input);
      const whole = files.reduce((sum, { content }) => sum + content.length, 0);
      hold(whole <= input.length, "more came out of a pack than is in it");
      hold(files.every(({ name }) => !name.includes("..") && !name.startsWith("/")), "a name leads out of the folder");
    },
  },
  jsonTarget("gateways/bareOf", [{ agency: "ng/tcu", hubs: ["x"], api: { port: 7 } }], (text) => {
    const isBare = (word: string): boolean => word.length <= 60;
    hold(wordsOf(bareOf(parsed(text))).every(isBare), "a long word came through");
  }),
  textTarget("gateways/bareMetrics", ["# HELP a\na_total 1\nb{x=\"y\"} 2\n"], (text) => {
    hold(bareMetrics(text).length <= text.length, "numbers grew");
  }),
]; // prettier-ignore
