import { limits } from "../../schemas/index.ts";
import { roles } from "../people/index.ts";
import { type Handler, renderAnswer } from "./call.ts";
import type { Route } from "./route.ts";
import { attachmentRoutes } from "./routes/attachments.ts";
import { auditRoutes } from "./routes/audit.ts";
import { backupRoutes } from "./routes/backup.ts";
import { carryRoutes } from "./routes/carry.ts";
import { colleagueRoutes } from "./routes/colleagues.ts";
import { consoleRoutes } from "./routes/console.ts";
import { makeDescribeRoutes } from "./routes/describe.ts";
import { liveRoutes } from "./routes/live.ts";
import { draftRoutes } from "./routes/drafts.ts";
import { dropRoutes } from "./routes/drop.ts";
import { exportRoutes } from "./routes/exports.ts";
import { listRoutes } from "./routes/lists.ts";
import { messageRoutes } from "./routes/messages.ts";
import { logRoutes } from "./routes/log.ts";
import { inspectionRoutes } from "./routes/inspections.ts";
import { lookupRoutes } from "./routes/lookups.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { onwardRoutes } from "./routes/onward.ts";
import { operationRoutes } from "./routes/operations.ts";
import { oversightRoutes } from "./routes/oversight.ts";
import { makePeopleRoutes } from "./routes/people.ts";
import { recallRoutes } from "./routes/recalls.ts";
import { registerRoutes } from "./routes/register.ts";
import { releaseRoutes } from "./routes/releases.ts";
import { statisticsRoutes } from "./routes/statistics.ts";
import { systemRoutes } from "./routes/system.ts";
import { vaultRoutes } from "./routes/vault.ts";
import { workRoutes } from "./routes/work.ts";
import { rootShape } from "./system-shapes.ts";

/** Everything the gateway answers over HTTP; each family stands in `routes/`. */
export const routes: readonly Route[] = [
  {
    method: "GET",
    path: "/",
    summary: "links, versions, limits",
    for: roles,
    answers: { 200: { says: "the whole table", shape: rootShape } },
    handle: getRoot,
  },
  ...makeDescribeRoutes(() => routes),
  ...consoleRoutes,
  ...messageRoutes,
  ...attachmentRoutes,
  ...listRoutes,
  ...colleagueRoutes,
  ...draftRoutes,
  ...releaseRoutes,
  ...exportRoutes,
  ...metricsRoutes,
  ...liveRoutes,
  ...logRoutes,
  ...lookupRoutes,
  ...inspectionRoutes,
  ...carryRoutes,
  ...backupRoutes,
  ...dropRoutes,
  ...registerRoutes,
  ...makePeopleRoutes(() => routes),
  ...auditRoutes,
  ...systemRoutes,
  ...vaultRoutes,
  ...workRoutes,
  ...operationRoutes,
  ...statisticsRoutes,
  ...oversightRoutes,
  ...recallRoutes,
  ...onwardRoutes,
];

function getRoot(...[{ exchange }]: Parameters<Handler>): Response {
  const links = routes.map(({ method, path, summary }) => ({ method, path, summary }));
  return renderAnswer({ agency: exchange.agency, api: "v1", envelope: 1, limits, links });
}
