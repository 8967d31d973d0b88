import type { VNode } from "preact";

import type { paths } from "../../../client/api-types.ts";
import { api, had } from "../ground/api.ts";
import { now, renderTime } from "../ground/clock.ts";
import { useLoad } from "../ground/load.ts";
import { go, hrefOf, place } from "../ground/place.ts";
import { may } from "../ground/session.ts";
import { labelOf, language, say, typeName, type WordId } from "../ground/words.ts";
import { Act } from "../parts/act.tsx";
import { Heading } from "../parts/heading.tsx";
import { Panel } from "../parts/panel.tsx";
import { StateMap } from "../parts/state-map.tsx";

type Trends = paths["/v1/trends"]["get"]["responses"]["200"]["content"]["application/json"];
type Row = Trends["rows"][number];
type Asked = Readonly<Record<string, string>>;

const dayMs = 86_400_000;
/** More lines in one table help nobody; who wants them takes the file. */
const mostRows = 200;

const choices: readonly (readonly [by: string, word: WordId])[] = [
  ["from", "analysis.byState"],
  ["week,crime", "analysis.byWeekCrime"],
  ["week,rec", "analysis.byWeekRegion"],
  ["crime", "analysis.byCrime"],
  ["type", "analysis.byType"],
];
const spans = ["4", "13", "52"] as const;

const heads: Readonly<Record<string, WordId>> = {
  week: "analysis.week",
  rec: "analysis.region",
  crime: "inbox.crime",
  type: "analysis.type",
  from: "analysis.state",
};

/** A state by its name with its code; a community, or what is no state, as it is written. */
function tellState(code: string): string {
  if (!/^[a-z]{2}$/.test(code)) return code;
  const names = new Intl.DisplayNames(language.value, { type: "region", fallback: "none" });
  const name = names.of(code.toUpperCase());
  return name === undefined ? code : `${name} (${code})`;
}

function tell(name: string, value: string): string {
  if (name === "from") return tellState(value);
  if (name === "crime") return labelOf("CRIME", value);
  return name === "type" ? typeName(value) : value;
}

function queryOf({ by = "from", weeks = "13", box = "in", drill = "" }: Asked): Readonly<Record<string, string>> {
  const span = spans.find((one) => one === weeks) ?? "13";
  const from = renderTime(now() - Number(span) * 7 * dayMs).slice(0, 10);
  return { by, box, from, ...(drill === "" ? {} : { exercise: "true" }) };
} // prettier-ignore

/** The address as the API has it; its values are judged there. */
function paramsOf(asked: Asked): { readonly query: { readonly by: string; readonly from: string; readonly box: "in" | "out"; readonly exercise?: "true" } } {
  const { by = "", from = "", box, exercise } = queryOf(asked);
  return { query: { by, from, box: box === "out" ? "out" : "in", ...(exercise === undefined ? {} : { exercise: "true" as const }) } };
} // prettier-ignore

/** A file for others: what is small is withheld in it. */
async function save(asked: Asked): Promise<void> {
  const params = paramsOf(asked);
  const { data } = await api.GET("/v1/trends", { params, headers: { accept: "text/csv" }, parseAs: "text" }); // prettier-ignore
  const address = URL.createObjectURL(new Blob([had<string>(data)], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = "trends.csv";
  link.click();
  URL.revokeObjectURL(address);
}

interface ChoiceProps {
  readonly name: string;
  readonly label: WordId;
  readonly asked: Asked;
  readonly options: readonly (readonly [value: string, text: string])[];
}

function Choice({ name, label, asked, options }: ChoiceProps): VNode {
  return (
    <label>
      {say(label)}
      <select name={name} value={asked[name] ?? options[0]?.[0]} onChange={({ currentTarget }) => go("analysis", { ...asked, [name]: currentTarget.value })}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
} // prettier-ignore

function Filters({ asked }: { readonly asked: Asked }): VNode {
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      <Choice name="by" label="analysis.by" asked={asked} options={choices.map(([by, word]) => [by, say(word)])} />
      <Choice name="weeks" label="analysis.time" asked={{ weeks: "13", ...asked }} options={spans.map((n) => [n, say("analysis.weeks", { n: Number(n) })])} />
      <Choice name="box" label="analysis.box" asked={asked} options={[["in", say("analysis.in")], ["out", say("analysis.out")]]} />
      <Choice name="drill" label="analysis.kind" asked={asked} options={[["", say("analysis.real")], ["true", say("analysis.drills")]]} />
      <Act act={async () => await save(asked)} name="csv">
        {say("analysis.csv")}
      </Act>
    </form>
  );
} // prettier-ignore

const feeds: ReadonlySet<string> = new Set(["crime", "rec", "type"]);

/** What was counted, as a feed to be read; who may see a count may see its messages. */
function Counted({ name, value }: { readonly name: string; readonly value: string }): VNode {
  const told = <bdi>{tell(name, value)}</bdi>;
  const isFeed = feeds.has(name) && value !== "direct" && may("GET", "/v1/messages");
  return isFeed ? <a href={hrefOf("inbox", { view: "all", [name]: value })}>{told}</a> : told;
}

function Figures({ by, rows }: { readonly by: readonly string[]; readonly rows: readonly Row[] }): VNode {
  const most = Math.max(1, ...rows.map(({ count = 0 }) => count));
  return (
    <table class="figures">
      <caption>{say("analysis.caption")}</caption>
      <thead>
        <tr>
          {by.map((name) => (
            <th key={name} scope="col">
              {say(heads[name] ?? "analysis.type")}
            </th>
          ))}
          <th scope="col">{say("analysis.messages")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, mostRows).map(({ of, count }) => (
          <tr key={JSON.stringify(of)}>
            {by.map((name) => (
              <td key={name} class={name === "week" ? undefined : "long"}>
                <Counted name={name} value={of[name] ?? ""} />
              </td>
            ))}
            <td>
              {count ?? say("analysis.withheld")}{" "}
              {count === undefined ? null : <meter min={0} max={most} value={count} aria-hidden="true" />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
} // prettier-ignore

/** From which states, by their codes; bodies of communities are on no map. */
function countStates(rows: readonly Row[]): ReadonlyMap<string, number> {
  return new Map(rows.map(({ of, count = 0 }) => [(of["from"] ?? "").toUpperCase(), count]));
}

/** How many messages there were, as far as one may see them: as a table, as bars, and by states on a map. */
export function Analysis(): VNode {
  const asked: Asked = Object.fromEntries(place.value.query);
  const found = useLoad(place.value.query.toString(), async () => had((await api.GET("/v1/trends", { params: paramsOf(asked), headers: { accept: "application/json" } })).data));
  return (
    <>
      <Heading title={say("nav.analysis")} />
      <Filters asked={asked} />
      <Panel of={found}>
        {({ by, rows }) =>
          rows.length === 0 ? (
            <p class="note">{say("analysis.empty")}</p>
          ) : (
            <>
              {by.length === 1 && by[0] === "from" ? <StateMap counts={countStates(rows)} /> : null}
              <Figures by={by} rows={rows} />
              {rows.length > mostRows ? <p class="note">{say("analysis.more", { n: rows.length - mostRows })}</p> : null}
            </>
          )
        }
      </Panel>
    </>
  );
} // prettier-ignore
