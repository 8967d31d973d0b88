/**
 * `node test/parsers/main.ts [DRAWN] [SEED]`: gives our own documents and DRAWN made ones (10,000) to our reader of JSON and to
 * those of Go, Python and Java, and as many encoded messages to the Protocol Buffers of the same. What we take and another
 * takes too must be the same value; ends with 1 on one difference. A language that is not on this machine is left out, and
 * the line says so. What has to be fetched for it is kept in `.tools/parsers`. CI runs a short form, with nothing fetched.
 */
import { compareJson, compareMessages, type Comparison, renderComparison } from "./compare.ts";
import { jsonDocuments } from "./documents.ts";
import { drawDocuments, drawEncodings } from "./draw.ts";
import { goodEncodings } from "./plain-message.ts";
import { openJsonReaders, openProtoReaders } from "./readers.ts";

const [drawn = "10000", seed = "20261121"] = process.argv.slice(2);

function tell(name: string, found: Comparison, show: (at: number) => string): boolean {
  console.log(renderComparison(name, found));
  for (const { language, at, ours, theirs } of found.differences.slice(0, 20)) {
    console.log(`  ${language} reads otherwise: ${show(at)}\n    we  ${ours.slice(0, 300)}\n    it  ${theirs.slice(0, 300)}`); // prettier-ignore
  }
  return found.differences.length === 0;
}

const documents = [
  ...jsonDocuments.map(({ bytes }) => bytes),
  ...drawDocuments(Number(drawn), Number(seed)),
];
const json = compareJson(documents, openJsonReaders());
const isSame = tell("JSON", json, (at) => JSON.stringify(Buffer.from(documents[at] ?? []).toString("latin1").slice(0, 300))); // prettier-ignore

const good = goodEncodings();
const changed = drawEncodings(good.map(({ bytes }) => bytes), { count: Number(drawn), seed: Number(seed) }); // prettier-ignore
const messages = [
  ...good,
  ...changed.map(({ of, bytes }) => ({ name: good[of]?.name ?? "", bytes })),
];
const encoded = compareMessages(messages, openProtoReaders());
const isAlike = tell("Protocol Buffers", encoded, (at) => `${messages[at]?.name} ${Buffer.from(messages[at]?.bytes ?? []).toString("base64").slice(0, 400)}`); // prettier-ignore

process.exitCode = isSame && isAlike ? 0 : 1;
