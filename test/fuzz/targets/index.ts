import type { FuzzGround } from "../ground.ts";
import type { Target } from "../target.ts";
import { makeAdmissionTargets } from "./admission.ts";
import { bodyTypeTargets } from "./bodies.ts";
import { makeCertificateTargets } from "./certificates.ts";
import { makeEdgeTargets } from "./edges.ts";
import { makeExchangeTargets } from "./exchange.ts";
import { makeHubTargets } from "./hub.ts";
import { messageTargets } from "./messages.ts";
import { makeRegisterTargets } from "./register.ts";
import { makeSubmissionTargets } from "./submissions.ts";
import { shortTextTargets } from "./texts.ts";

/** Every reader of what comes from outside. */
export async function makeTargets(ground: FuzzGround): Promise<readonly Target[]> {
  return [
    ...shortTextTargets,
    ...messageTargets,
    ...bodyTypeTargets,
    ...(await makeCertificateTargets(ground)),
    ...makeRegisterTargets(ground),
    ...makeHubTargets(ground),
    ...(await makeAdmissionTargets(ground)),
    ...makeSubmissionTargets(ground),
    ...(await makeExchangeTargets(ground)),
    ...makeEdgeTargets(ground),
  ];
}
