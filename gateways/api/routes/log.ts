import { readers } from "../../people/index.ts";
import { getLog, postLogTrust } from "../log.ts";
import { logShape, logTrustShape } from "../log-shapes.ts";
import type { Route } from "../route.ts";
import { postChallenge } from "../trends.ts";
import { challengedShape, challengeShape } from "../trends-shapes.ts";

/** The logs of hubs, as this gateway saw them. */
export const logRoutes: readonly Route[] = [
  { method: "GET", path: "/v1/log", summary: "what was seen of the logs of hubs, what other agencies were shown, and alarms", for: [...readers, "administrator", "auditor"], answers: { 200: { says: "sizes, roots and alarms, nothing of messages", shape: logShape } }, handle: getLog },
  { method: "POST", path: "/v1/log:challenge", summary: "whether this gateway knows of something by its digest, and where in a hub's log it stands", for: ["auditor"], act: "LOG_CHALLENGED", body: { shape: challengeShape }, answers: { 200: { says: "places in logs, and nothing of content", shape: challengedShape } }, handle: postChallenge },
  { method: "POST", path: "/v1/log:trust", summary: "go on with the log as the hub shows it now, though it is not the one that was verified", for: ["administrator"], stepUp: true, act: "LOG_TRUSTED", body: { shape: logTrustShape }, answers: { 200: { says: "as it stands then", shape: logShape } }, handle: postLogTrust },
]; // prettier-ignore
