import { parsePiece } from "../../../broker/serve/pieces.ts";
import { makeRules, parseFollowedLog, renderFollowedLog } from "../../../certs/auditor/index.ts";
import { leafHash, makeFrontier, parseTilePath } from "../../../certs/log/index.ts";
import { parseChallenge } from "../../../deploy/auditor/challenge.ts";
import { parseUtf8, sameBytes } from "../../../schemas/ground/index.ts";
import { madeLeaf, madeLeaves, madeLogStart, signMade } from "../../kit/made-log.ts";
import { hold } from "../promises.ts";
import { jsonTarget, type Target, textTarget } from "../target.ts";

const leaves = madeLeaves(5);
const frontier = makeFrontier();
for (const leaf of leaves) frontier.append(leafHash(leaf));
const mark = {
  stream: "FEED_ECOWAS",
  instance: "i1",
  last: 5,
  time: madeLogStart,
  leftOut: [[2, 3]],
} as const;
const state = renderFollowedLog({
  origin: "atumpan/ecowas/hub", size: 5, root: frontier.root(), edge: frontier.edge(),
  marks: new Map([["FEED_ECOWAS i1", mark]]), checkpoint: signMade(5, frontier.root()), seenAt: madeLogStart,
}); // prettier-ignore
const hex = "ab".repeat(32);

/** What an auditor reads, and what the hub reads of one who asks. */
export const auditorTargets: readonly Target[] = [
  {
    name: "certs/parseFollowedLog",
    shape: "json",
    codes: ["INTEGRITY_STORE"],
    seeds: [state],
    run: (input) => {
      const { size, edge, root } = parseFollowedLog(input);
      hold(
        sameBytes(makeFrontier(size, edge).root(), root),
        "a state that does not fit is gone on from",
      );
    },
  },
  {
    name: "certs/makeRules",
    shape: "proto",
    codes: [],
    seeds: [madeLeaf(6), madeLeaf(9)],
    run: (input) => {
      const rules = makeRules({ marks: new Map([["FEED_ECOWAS i1", mark]]), now: madeLogStart });
      hold(rules.check(0, input).length <= 2, "one entry is named more than twice");
    },
  },
  textTarget(
    "broker/parsePiece",
    ["/checkpoint", "/tile/0/x001/000", "/tile/entries/000.p/7"],
    (text) => {
      const piece = parsePiece(text);
      if (piece === undefined || piece.path === "checkpoint") return;
      hold(`/${piece.path}` === text, "an address has two spellings");
      parseTilePath(piece.path);
    },
  ),
  {
    ...jsonTarget(
      "deploy/parseChallenge",
      [{ id: "01890a5d-ac96-774b-bcce-b302099a8057", digest: hex, salt: hex.slice(32), channel: "direct.k7q2m4" }],
      () => undefined,
    ),
    codes: ["USAGE_INVALID", "ID_INVALID"],
    run: (input) => {
      let asked: unknown;
      try {
        asked = JSON.parse(parseUtf8(input));
      } catch {
        return;
      }
      hold(parseChallenge(asked).salt.length === 16, "a salt of another length");
    },
  },
]; // prettier-ignore
