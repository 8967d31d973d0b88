import type { VNode } from "preact";

import { instantMs } from "../ground/clock.ts";
import type { Message, Summary } from "../ground/messages.ts";
import { renderMoment } from "../ground/moments.ts";
import { hrefOf } from "../ground/place.ts";
import { say, typeName } from "../ground/words.ts";

const heads = ["matrix.agency", "state.DELIVERED", "matrix.opened", "matrix.said"] as const;

/** More than that are told by the ladder alone. */
const mostRows = 60;

/** When something was; on a narrow screen, where no head stands over it, with its name. */
function At({ at, name }: { readonly at: string | undefined; readonly name: string }): VNode {
  return (
    <td role="cell" data-name={name}>
      {at === undefined ? say("matrix.notYet") : renderMoment(at)}
    </td>
  );
}

/** Agency by agency: whether it has it, opened it, and what it said last. */
export function Answered({ of, said }: { readonly of: Message; readonly said: readonly Summary[] }): VNode | null {
  const own = of.originator;
  const agencies = of.audience.filter((agency) => agency !== own).slice(0, mostRows);
  if (of.box !== "out" || agencies.length === 0) return null;
  const rung = (kind: string, agency: string): string | undefined =>
    of.ladder.find((one) => one.kind === kind && one.by === agency)?.at;
  // newest first, and nothing that was said before
  const later = said.filter(({ createdAt = "" }) => instantMs(createdAt) > instantMs(of.createdAt));
  const lastOf = (agency: string): Summary | undefined => later.find(({ originator }) => originator === agency);
  return (
    <table class="figures stacked" role="table" data-part="answered">
      <caption>{say("matrix.title")}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {heads.map((word) => (
            <th key={word} scope="col" role="columnheader">{say(word)}</th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {agencies.map((agency) => {
          const last = lastOf(agency);
          return (
            <tr key={agency} role="row" data-agency={agency}>
              <th scope="row" role="rowheader"><bdi dir="ltr">{agency}</bdi></th>
              <At at={rung("DELIVERED", agency)} name={say("state.DELIVERED")} />
              <At at={rung("OPENED", agency)} name={say("matrix.opened")} />
              <td role="cell" data-name={say("matrix.said")}>
                {last?.id === undefined ? say("matrix.notYet") : (
                  <a href={hrefOf(`message/${last.id}`)}>{typeName(last.type ?? "")}</a>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
} // prettier-ignore
