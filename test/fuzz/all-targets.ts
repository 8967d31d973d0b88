import { makeFuzzGround } from "./ground.ts";
import type { Target } from "./target.ts";
import { makeAdmissionTargets } from "./targets/admission.ts";
import { authorityTargets } from "./targets/authority.ts";
import { makeBackupTargets } from "./targets/backup.ts";
import { blobTargets } from "./targets/blobs.ts";
import { bodyTargets } from "./targets/bodies.ts";
import { makeCarryTargets } from "./targets/carry.ts";
import { makeCarriedTargets } from "./targets/carried.ts";
import { makeCertificateTargets } from "./targets/certificates.ts";
import { makeChangeTargets } from "./targets/changes.ts";
import { makeCopyTargets } from "./targets/copies.ts";
import { dropTargets } from "./targets/drop.ts";
import { makeEdgeTargets } from "./targets/edges.ts";
import { makeEvidenceTargets } from "./targets/evidence.ts";
import { makeExchangeTargets } from "./targets/exchange.ts";
import { makeExplainTargets } from "./targets/explaining.ts";
import { fileTargets } from "./targets/files.ts";
import { makeFindingTargets } from "./targets/finding.ts";
import { goamlTargets } from "./targets/goaml.ts";
import { htcdsTargets } from "./targets/htcds.ts";
import { auditorTargets } from "./targets/auditor.ts";
import { hubLogTargets } from "./targets/hub-log.ts";
import { witnessTargets } from "./targets/witness.ts";
import { makeHubTargets } from "./targets/hub.ts";
import { makeJoinTargets } from "./targets/join.ts";
import { jsonTargets } from "./targets/json.ts";
import { keepingTargets } from "./targets/keeping.ts";
import { makeKeyTargets } from "./targets/keys.ts";
import { liveTargets } from "./targets/live.ts";
import { logTargets } from "./targets/log.ts";
import { messageTargets } from "./targets/messages.ts";
import { nameTargets } from "./targets/names.ts";
import { oversightTargets } from "./targets/oversight.ts";
import { seeingTargets } from "./targets/seeing.ts";
import { makePeopleTargets } from "./targets/people.ts";
import { proofTargets } from "./targets/proofs.ts";
import { makeQueryTargets } from "./targets/queries.ts";
import { makeRegisterFileTargets } from "./targets/register-files.ts";
import { makeRegisterTargets } from "./targets/register.ts";
import { makeRenewalTargets } from "./targets/renewal.ts";
import { makeRepositoryTargets } from "./targets/repository.ts";
import { makeSealedTargets } from "./targets/sealed.ts";
import { makeSubmissionTargets } from "./targets/submissions.ts";
import { surfaceTargets } from "./targets/surface.ts";
import { supportTargets } from "./targets/support.ts";
import { shortTextTargets } from "./targets/texts.ts";
import { vaultTargets } from "./targets/vault.ts";
import { makeVerifyTargets } from "./targets/verify.ts";

/** Every target there is, over one made region. Opens stores and folders that go when the process ends. */
export async function makeTargets(): Promise<readonly Target[]> {
  const ground = await makeFuzzGround();
  return [
    ...shortTextTargets,
    ...keepingTargets,
    ...messageTargets,
    ...bodyTargets,
    ...blobTargets,
    ...makeCopyTargets(),
    ...makeExplainTargets(),
    ...jsonTargets,
    ...liveTargets,
    ...logTargets,
    ...hubLogTargets,
    ...auditorTargets,
    ...witnessTargets,
    ...oversightTargets,
    ...proofTargets,
    ...seeingTargets,
    ...(await makeEvidenceTargets()),
    ...nameTargets,
    ...surfaceTargets,
    ...vaultTargets,
    ...(await makeBackupTargets()),
    ...goamlTargets,
    ...fileTargets,
    ...htcdsTargets,
    ...dropTargets,
    ...supportTargets,
    ...(await makeCertificateTargets(ground)),
    ...authorityTargets,
    ...makeRegisterTargets(ground),
    ...makeRepositoryTargets(),
    ...makeRegisterFileTargets(ground),
    ...makeChangeTargets(ground),
    ...makeJoinTargets(),
    ...(await makeCarriedTargets()),
    ...(await makeCarryTargets(ground)),
    ...(await makeRenewalTargets(ground)),
    ...makeVerifyTargets(ground),
    ...(await makeAdmissionTargets(ground)),
    ...makeHubTargets(ground),
    ...makeSubmissionTargets(ground),
    ...makePeopleTargets(),
    ...makeQueryTargets(ground),
    ...makeFindingTargets(),
    ...(await makeExchangeTargets(ground)),
    ...(await makeSealedTargets(ground)),
    ...(await makeKeyTargets(ground)),
    ...makeEdgeTargets(ground),
  ];
}
