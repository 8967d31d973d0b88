import { alerts } from "./alerts.ts";
import { dashboards } from "./dashboards.ts";
import { renderAlerts, renderDashboard, renderRunbook } from "./render.ts";

/** Every file of the folder that is written from the rules and dashboards, by its name. */
export function renderSeeing(): ReadonlyMap<string, string> {
  return new Map([
    ["alerts.yaml", renderAlerts(alerts)],
    ["runbook.md", renderRunbook(alerts)],
    ...dashboards.map((one) => [`dashboard-${one.name}.json`, renderDashboard(one)] as const),
  ]);
}
