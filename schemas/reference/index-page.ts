import { messageTypes, typeOptions } from "../body/index.ts";
import { codeList, codeListNames, labelOf, typeLabel } from "../codes/index.ts";

/** The table of all types, with a link to the page of each. */
export function renderIndexPage(): string {
  const rows = messageTypes.toSorted().map((type) => {
    const { form, scope, urgency, retentionDays } = typeOptions(type) ?? {};
    const cells = [form, scope, urgency, `${retentionDays ?? 0} days`].join(" | ");
    return `| [${type}](pages/${type}.md) | ${typeLabel(type, "en")} | ${cells} |`;
  });
  return [
    "# Message types",
    "",
    "Made by `npm run gen`. The code lists are in [codes.md](codes.md), the NATS side in [asyncapi.json](asyncapi.json).",
    "",
    "| type | name | form | scope | urgency | kept |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

/** All code lists: edition, source, digest and the English labels. */
export function renderCodesPage(): string {
  const sections = codeListNames.flatMap((name) => {
    const list = codeList(name);
    if (list === undefined) return [];
    const rows = list.codes.map((code) => `| \`${code}\` | ${labelOf(name, code, "en")} |`);
    return [
      `## ${name}`,
      "",
      `Edition ${list.version}. ${list.source}. SHA-256 \`${list.digest}\`.`,
      "",
      "| code | label |",
      "| --- | --- |",
      ...rows,
      "",
    ];
  });
  return ["# Code lists", "", "Made by `npm run gen`.", "", ...sections].join("\n");
}
