/**
 * `node test/week/main.ts [messages] [seed] [servers]`: the whole week of a fictional region, over one server or three; ends with 1
 * when anybody's account differs.
 */
import { playWeek } from "./run.ts";

const [messages = "2000", seed = "week", servers = "1"] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { ledger, reckoning } = await playWeek({
  size: {
    states: ["ng", "gh", "sn", "bj", "ci", "tg", "lr", "gm"],
    fiu: ["ng", "gh", "sn"],
    moc: ["ng", "gh"],
    central: ["ng", "gh"],
  },
  messages: Number(messages),
  stepHours: 1,
  seed,
  servers: servers === "3" ? 3 : 1,
  cut: ["bj/tcu", "sn/fiu"],
  revoked: "tg/tcu",
  left: "gm",
  tell: say,
});
const families = new Set(ledger.entries.map(({ type }) => type.split(".")[0]));
const types = new Set(ledger.entries.map(({ type }) => type));
say(
  `sent ${reckoning.sent} messages of ${types.size} types in ${families.size} families; ${reckoning.delivered} of ${reckoning.copies} copies delivered with a receipt`,
);
for (const [reason, count] of reckoning.open) say(`  ${count} open: ${reason}`);
say(
  `work: ${reckoning.matters} matters open, ${reckoning.awaited} things awaited, ${reckoning.overdue} of them overdue`,
);
say("refused before anything was stored:");
for (const [what, count] of [...ledger.refused].toSorted((a, b) => b[1] - a[1]))
  say(`  ${count} ${what}`);
for (const line of reckoning.wrong) say(`WRONG: ${line}`);
process.exitCode = reckoning.wrong.length > 0 ? 1 : 0; // prettier-ignore
