import type { VNode } from "preact";

import type { paths } from "../../../client/api-types.ts";
import { listOf, membersOf, textOf } from "../ground/members.ts";
import { say } from "../ground/words.ts";
import { tellCeiling, tellRoles, tellState } from "./people-words.ts";

/** People as the gateway lists them. */
export type People = paths["/v1/people"]["get"]["responses"]["200"]["content"]["application/json"]["items"]; // prettier-ignore

/** One thing that a change changes: what it is now, where that is known, and what it would be. */
interface Difference {
  readonly name: string;
  readonly before?: string;
  readonly after: string;
}

function textsOf(value: unknown): readonly string[] {
  return listOf(value).map(textOf);
}

function tellRights(rights: unknown, before: People[number] | undefined): readonly Difference[] {
  const { roles, handlingUpTo } = membersOf(rights);
  const given = textsOf(roles);
  const had: readonly string[] = before?.roles ?? [];
  const gained = given.filter((one) => !had.includes(one));
  const lost = had.filter((one) => !given.includes(one));
  const ceiling = textOf(handlingUpTo);
  return [
    ...(gained.length === 0 ? [] : [{ name: say("diff.gains"), after: tellRoles(gained) }]),
    ...(lost.length === 0 ? [] : [{ name: say("diff.loses"), after: tellRoles(lost) }]),
    ...(ceiling === "" || ceiling === before?.handlingUpTo
      ? []
      : [{ name: say("people.ceiling"), after: tellCeiling(ceiling), ...(before === undefined ? {} : { before: tellCeiling(before.handlingUpTo) }) }]),
  ];
} // prettier-ignore

/** Every member that has no words of its own, in full: what is signed for is seen. */
function tellMembers(value: unknown): readonly Difference[] {
  return Object.entries(membersOf(value)).flatMap(([name, one]) => {
    if (name === "kind" || name === "id") return [];
    if (typeof one === "object" && one !== null && !Array.isArray(one)) return tellMembers(one);
    return [{ name, after: Array.isArray(one) ? textsOf(one).join(", ") : String(one) }];
  });
} // prettier-ignore

function findDifferences(change: Readonly<Record<string, unknown>>, before: People[number] | undefined): readonly Difference[] {
  const kind = change["kind"];
  if (kind === "RIGHTS") return tellRights(change["rights"], before);
  if (kind === "STATE") {
    const now = before === undefined ? {} : { before: tellState(before.state) };
    return [{ name: say("diff.state"), after: tellState(textOf(change["state"])), ...now }];
  }
  if (kind === "INVITE") {
    const { name } = membersOf(change["person"]);
    return [{ name: say("people.name"), after: textOf(name) }, ...tellRights(change["person"], undefined)];
  }
  return tellMembers(change);
} // prettier-ignore

/** A change in plain words: whom it is about, what she gains and loses, what was before and would be after. */
export function ChangeWords({ of, people }: { readonly of: Readonly<Record<string, unknown>>; readonly people: People }): VNode {
  const before = people.find((one) => one.id === of["id"]);
  return (
    <>
      {before === undefined ? null : (
        <p>
          <bdi>{before.name}</bdi> · {tellRoles(before.roles)} · {tellCeiling(before.handlingUpTo)} · {tellState(before.state)}
        </p>
      )}
      <dl class="diff">
        {findDifferences(of, before).map(({ name, before: was, after }) => (
          <div key={name + after}>
            <dt>{name}</dt>
            <dd>
              {was === undefined ? null : (
                <>
                  <del>{was}</del>{" "}
                </>
              )}
              <bdi>{after}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
} // prettier-ignore
