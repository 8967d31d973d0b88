import type { Alert } from "./alerts.ts";
import type { Dashboard, Panel } from "./dashboards.ts";

/** Where a rule's page stands, from the folder on. */
export function runbookAnchor({ name }: Pick<Alert, "name">): string {
  return `runbook.md#${name.toLowerCase()}`;
}

/** A text of YAML on one line; JSON's quotes are YAML's too. */
function quote(text: string): string {
  return JSON.stringify(text);
}

function renderRule(alert: Alert): readonly string[] {
  const { name, when, lasting, severity, says } = alert;
  return [
    `      - alert: ${name}`,
    `        expr: ${quote(when)}`,
    ...(lasting === "0m" ? [] : [`        for: ${lasting}`]),
    "        labels:",
    `          severity: ${severity}`,
    "        annotations:",
    `          summary: ${quote(says)}`,
    `          runbook: ${quote(runbookAnchor(alert))}`,
  ];
}

/** The rules as a file that Prometheus loads. */
export function renderAlerts(alerts: readonly Alert[]): string {
  const groups = [...Map.groupBy(alerts, ({ group }) => group)];
  const lines = groups.flatMap(([group, rules]) => [
    `  - name: atumpan-${group}`,
    "    rules:",
    ...rules.flatMap(renderRule),
  ]);
  return `# Written by deploy/seeing/make.ts; change alerts.ts there.\ngroups:\n${lines.join("\n")}\n`;
}

/** What to do when somebody is called, a page a rule. */
export function renderRunbook(alerts: readonly Alert[]): string {
  const pages = alerts.map(({ name, severity, says, steps }) =>
    [
      `## ${name}`,
      "",
      `${says} (${severity})`,
      "",
      ...steps.map((step, at) => `${at + 1}. ${step}`),
    ].join("\n"),
  );
  const head = [
    "# When somebody is called",
    "",
    "A page for each rule of `alerts.yaml`. `page` wakes somebody; `ticket` waits for the morning. Nothing that was accepted is lost",
    "by waiting: what a hub or gateway does not take stays with its sender.",
  ].join("\n");
  return `${[head, ...pages].join("\n\n")}\n`;
}

const [columns, height, width, statHeight, statWidth] = [24, 8, 8, 4, 6] as const;
const source = { type: "prometheus", uid: "${source}" } as const;

function renderPanel({ title, draws, unit = "short", isStat = false }: Panel, id: number): object {
  return {
    id,
    title,
    type: isStat ? "stat" : "timeseries",
    datasource: source,
    fieldConfig: { defaults: { unit, ...(isStat ? {} : { min: 0 }) }, overrides: [] },
    targets: draws.map(([expr, legendFormat = "{{instance}}"], at) => ({
      refId: String.fromCodePoint(65 + at),
      datasource: source,
      expr,
      legendFormat,
    })),
  };
}

function place(panels: readonly Panel[]): readonly object[] {
  let [x, y, row] = [0, 0, 0];
  return panels.map((panel, at) => {
    const [w, h] = panel.isStat === true ? [statWidth, statHeight] : [width, height];
    if (x + w > columns || (x > 0 && h !== row)) [x, y] = [0, y + row];
    const gridPos = { x, y, w, h };
    [x, row] = [x + w, h];
    return { ...renderPanel(panel, at + 1), gridPos };
  });
}

/** A dashboard as Grafana imports it; it asks for the source of data when it is imported. */
export function renderDashboard({ name, title, panels }: Dashboard): string {
  const model = {
    uid: `atumpan-${name}`,
    title,
    tags: ["atumpan"],
    schemaVersion: 39,
    version: 1,
    editable: true,
    refresh: "30s",
    time: { from: "now-6h", to: "now" },
    timezone: "utc",
    templating: {
      list: [{ name: "source", type: "datasource", query: "prometheus", label: "Source" }],
    },
    annotations: { list: [] },
    panels: place(panels),
  };
  return `${JSON.stringify(model, undefined, 2)}\n`;
}
