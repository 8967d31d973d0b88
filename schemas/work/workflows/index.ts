import type { Workflow } from "../workflow.ts";
import { block } from "./block.ts";
import { consent, fiuConsent } from "./consent.ts";
import { correction } from "./correction.ts";
import { fiuDisclosure } from "./fiu-disclosure.ts";
import { fiuMatch } from "./fiu-match.ts";
import { fiuPostpone } from "./fiu-postpone.ts";
import { fiuRequest } from "./fiu-request.ts";
import { purge } from "./purge.ts";
import { request } from "./request.ts";
import { review } from "./review.ts";
import { subjectRights } from "./subject-rights.ts";

/** Every workflow there is; what none of them knows is beside every matter. */
export const workflows: readonly Workflow[] = [
  request,
  fiuRequest,
  fiuDisclosure,
  fiuPostpone,
  fiuMatch,
  fiuConsent,
  consent,
  purge,
  correction,
  block,
  review,
  subjectRights,
];
