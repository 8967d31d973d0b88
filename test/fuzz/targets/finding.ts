import { parseListMembers, parseListWish } from "../../../gateways/api/read-list.ts";
import { renderCsvLine } from "../../../gateways/exports/index.ts";
import { foldWords, parseWish, soundOf } from "../../../gateways/search/index.ts";
import { openSqlite } from "../../../gateways/store/drivers/sqlite.ts";
import { certain, hold } from "../promises.ts";
import { type Target, textTarget } from "../target.ts";

const codes = ["REQUEST_INVALID"];

/** Whatever is typed is a question that the index itself understands, and that asks only where words are. */
function wishTarget(): Target {
  const index = openSqlite(":memory:");
  index.exec(`CREATE VIRTUAL TABLE search USING fts5(text, names, sounds, codes, tokenize = "ascii tokenchars '_'");
    INSERT INTO search VALUES ('a', 'b', 'c', 'handling_h3')`);
  const find = index.prepare("SELECT codes FROM search WHERE search MATCH ?");
  const seeds = ["Kofi", 'a "b c" d*', 'x" OR codes : "handling_h3', "NEAR(a b) NOT ^c + d", "محمد ሰላም ١٢٣", "{codes} : handling_h3"];
  return {
    ...textTarget("gateways/parseWish", seeds, (text) => {
      const wish = parseWish(text);
      const rows = certain("asking the index", () => find.all(wish));
      hold(rows.length === 0 || foldWords(text).some((word) => "abc".includes(word.slice(0, 1))), "a code is found by a word");
    }),
    codes,
  };
} // prettier-ignore

const foldTarget = textTarget("gateways/foldWords", ["Straße", "مُحَمَّد ٢", "ሠላም", "ﬁ İ Ⅷ ²"], (text) => {
  const words = foldWords(text);
  const again = foldWords(words.join(" "));
  hold(words.every((word) => word.length <= 64 && !word.includes(" ")), "a word is none");
  hold(again.length >= words.length - 1 || words.length > 50, "folding loses words when it is done again");
  certain("hearing names", () => words.map(soundOf));
}); // prettier-ignore

const listTarget: Target = {
  ...textTarget("gateways/parseListWish", ["q=a&type=alert.incident,alert.update&since=2026-03-09T00:00:00Z", "order=due&limit=3"], (text) => {
    const search = new URLSearchParams(text);
    const { limit, filters = {} } = parseListWish(search);
    hold(limit >= 1 && limit <= 200, "a page is asked for beyond its limits");
    hold(Object.values(filters).every((values) => values.length <= 12), "more is filtered by than may be");
    parseListMembers(Object.fromEntries(search));
  }),
  codes,
}; // prettier-ignore

const cellTarget = textTarget(
  "gateways/renderCsvLine",
  ["=1+1", " =1", '"a",b', "＝x", "\t@", "-"],
  (text) => {
    const [first = ""] = renderCsvLine([text]).slice(1).trimStart();
    hold(!/[=+\-@\t\r\0＝＋－＠]/u.test(first), "a cell begins as a formula does");
  },
);

/** What finds messages, and what tables are made of. */
export function makeFindingTargets(): readonly Target[] {
  return [wishTarget(), foldTarget, listTarget, cellTarget];
}
