import type { z } from "zod";

import { type Language, wordLabel } from "../../schemas/index.ts";
import { renderMinute } from "./render-minute.ts";
import type { detailShape, summaryShape } from "./shapes.ts";
import type { Say } from "./words.ts";

type Summary = z.infer<typeof summaryShape>;
type Detail = z.infer<typeof detailShape>;

/** A table: columns as wide as their widest cell, two spaces between. Cells hold no line feeds of their own. */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const clean = rows.map((row) => row.map((cell) => cell.replaceAll(/\p{Cc}/gu, " ")));
  const widths = (clean[0] ?? []).map((_, at) =>
    Math.max(...clean.map((row) => row[at]?.length ?? 0)),
  );
  return clean
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** A table with the heads of its columns in the words of one language; a sentence when it has no rows. */
export function renderList(
  rows: readonly (readonly string[])[],
  { say, none, heads }: { readonly say: Say; readonly none: string; readonly heads: readonly string[] },
): string {
  if (rows.length === 0) return say(`none.${none}`);
  return renderTable([heads.map((head) => say(`head.${head}`)), ...rows]);
} // prettier-ignore

/** A list of messages, one a line, newest first; a sentence when there is none. */
export function renderMessages(items: readonly Summary[], say: Say): string {
  const rows = items.map(({ id, state, type, originator, crimes, urgency, storedAt, wordsWait }) =>
    [id, wordsWait === true ? `${state}, ${say("wordsWait")}` : state, type, originator, crimes.join(","), urgency, renderMinute(storedAt)]); // prettier-ignore
  const heads = ["id", "state", "type", "from", "crimes", "urgency", "stored"];
  return renderList(rows, { say, none: "messages", heads });
}

const rungWords = {
  ACCEPTED: "accepted",
  TAKEN_ON: "takenOn",
  REFUSED: "refused",
  DELIVERED: "delivered",
  OPENED: "opened",
} as const;

type Rung = Detail["ladder"][number];

function placeOfRung(rung: Rung, lang: Language): string {
  const { channel, stream, sequence, code, detail, reader, tellsOpening } = rung;
  if (reader !== undefined) return `no. ${reader}`;
  const place = stream === undefined ? "" : `  ${stream} no. ${sequence ?? "?"}`;
  const reason = code === undefined ? "" : `  ${code}${detail === undefined ? "" : `: ${detail}`}`;
  const silence = tellsOpening === false ? `  ${wordLabel("openingUntold", lang)}` : "";
  return `${channel}${place}${reason}${silence}`;
}

/** How far a message of ours has come, one signed receipt a line, and whom it has not reached yet. */
export function renderLadder(message: Detail, lang: Language): string {
  const word = (name: string): string => wordLabel(name, lang);
  const rows = message.ladder.map((rung) => [
    `  ${word(rungWords[rung.kind])}`,
    renderMinute(rung.at),
    rung.by,
    placeOfRung(rung, lang),
  ]);
  const files = message.carried.map(({ agency, at }) => [
    `  ${word("inCarryFile")}`,
    renderMinute(at),
    agency,
    "",
  ]);
  const reached = new Set(
    message.ladder.flatMap(({ kind, by }) => (kind === "DELIVERED" ? [by] : [])),
  );
  const missing = message.audience.filter((agency) => !reached.has(agency));
  const isMoving = message.state === "QUEUED" || message.state === "ACCEPTED";
  return [
    word("ladder"),
    renderTable([
      [`  ${word("savedHere")}`, renderMinute(message.storedAt), "", ""],
      ...files,
      ...rows,
    ]),
    ...(message.state === "QUEUED" ? [`  ${word("waitingForHub")}`] : []),
    ...(isMoving && missing.length > 0
      ? [`  ${word("notYetDelivered")}: ${missing.join(", ")}`]
      : []),
  ].join("\n");
}

/** By whose file a message of others came, and since when a hub has it as well; empty when it came by the hub. */
export function renderCarried({ carried }: Detail, lang: Language): string {
  const lines = carried.map(({ agency, at, hubAt }) => {
    const hub =
      hubAt === undefined ? wordLabel("waitingForHub", lang) : `hub ${renderMinute(hubAt)}`;
    return `${wordLabel("cameByHand", lang)} ${agency}  ${renderMinute(at)}  (${hub})`;
  });
  return lines.join("\n");
}
