import {
  checkEvidence,
  parseEvidence,
  parseRoots,
  renderEvidence,
  renderRoots,
} from "../../../certs/evidence/index.ts";
import { evidenceNow, makeEvidenceWorld } from "../../kit/evidence.ts";
import { holdSame } from "../promises.ts";
import type { Target } from "../target.ts";

/** Evidence files, and the files of roots they are judged by. */
export async function makeEvidenceTargets(): Promise<readonly Target[]> {
  const { make, trust, view } = await makeEvidenceWorld();
  return [
    {
      name: "certs/parseEvidence",
      shape: "json",
      codes: ["EVIDENCE_INVALID"],
      seeds: [Buffer.from(renderEvidence(make()))],
      run: (input) => {
        const evidence = parseEvidence(input);
        holdSame(Buffer.from(renderEvidence(evidence)), Buffer.from(input), "one spelling");
        checkEvidence(input, { trust, now: evidenceNow });
      },
    },
    {
      name: "certs/parseRoots",
      shape: "json",
      codes: ["EVIDENCE_INVALID", "LOG_POLICY_INVALID"],
      seeds: [Buffer.from(renderRoots(view, evidenceNow))],
      run: (input) => void parseRoots(input),
    },
  ];
}
