import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import type { paths } from "../../../../client/api-types.ts";
import { api, had } from "../../ground/api.ts";
import { useLoad } from "../../ground/load.ts";
import { stir, tick } from "../../ground/live.ts";
import { renderMoment } from "../../ground/moments.ts";
import { may, proving, session } from "../../ground/session.ts";
import { codesOf, say } from "../../ground/words.ts";
import { Act } from "../../parts/act.tsx";
import { Outcome } from "../../parts/outcome.tsx";
import { Panel } from "../../parts/panel.tsx";
import { roles, tellCeiling, tellRole, tellRoles, tellState } from "../../parts/people-words.ts";

type Person = paths["/v1/people"]["get"]["responses"]["200"]["content"]["application/json"]["items"][number]; // prettier-ignore
type Sessions = paths["/v1/people/{id}/sessions"]["get"]["responses"]["200"]["content"]["application/json"]["items"]; // prettier-ignore
type Rights = paths["/v1/people/{id}/rights"]["put"]["requestBody"] extends { content: { "application/json": infer T } } ? T : never; // prettier-ignore

const handlings = ["H0", "H1", "H2", "H3"] as const;

function readRights(form: HTMLFormElement): Rights {
  const data = new FormData(form);
  const chosen = roles.filter((role) => data.get(role) !== null);
  return { roles: chosen, handlingUpTo: handlings.find((one) => one === data.get("ceiling")) ?? "H1" };
} // prettier-ignore

function RightsFields({ of }: { readonly of?: Person | undefined }): VNode {
  return (
    <>
      <fieldset>
        <legend>{say("people.roles")}</legend>
        <div class="codes">
          {roles.map((role) => (
            <label key={role}>
              <input type="checkbox" name={role} defaultChecked={of?.roles.includes(role) ?? false} /> {tellRole(role)}
            </label>
          ))}
        </div>
      </fieldset>
      <label>
        {say("people.ceiling")}
        <select name="ceiling" defaultValue={of?.handlingUpTo ?? "H1"}>
          {codesOf("HANDLING").map(([code, label]) => (
            <option key={code} value={code} selected={code === (of?.handlingUpTo ?? "H1")}>
              {`${code} – ${label}`}
            </option>
          ))}
        </select>
      </label>
    </>
  );
} // prettier-ignore

/** Whoever is invited enrols with a code that is said to her; the code is shown this once. */
function Invite(): VNode {
  const form = useSignal<HTMLFormElement | null>(null);
  const outcome = useSignal<unknown>(undefined);
  const invite = async (): Promise<void> => {
    if (form.value === null) return;
    const name = new FormData(form.value).get("name");
    const body = { ...readRights(form.value), name: typeof name === "string" ? name.trim() : "" };
    outcome.value = undefined;
    outcome.value = (await proving(async () => await api.POST("/v1/people", { body }))).data;
    stir();
  };
  return (
    <details class="invite">
      <summary>{say("admin.invite")}</summary>
      <form ref={(element) => void (form.value = element)} onSubmit={(event) => event.preventDefault()}>
        <label>
          {say("people.name")}
          <input name="name" dir="auto" autocomplete="off" maxLength={100} />
        </label>
        <RightsFields />
        <Act act={invite} kind="main" name="invite">
          {say("admin.invite")}
        </Act>
      </form>
      <Outcome of={outcome.value} />
    </details>
  );
} // prettier-ignore

/** Where a person is signed in now; each can be ended at once. */
function OpenSessions({ id }: { readonly id: string }): VNode {
  const found = useSignal<Sessions | undefined>(undefined);
  const params = { path: { id } };
  const load = async (): Promise<void> => {
    found.value = had((await api.GET("/v1/people/{id}/sessions", { params })).data).items;
  };
  const end = (one: string) => async (): Promise<void> => {
    await api.DELETE("/v1/sessions/{id}", { params: { path: { id: one } } });
    await load();
  };
  return (
    <div>
      <Act act={load} name="sessions">
        {say("people.sessions")}
      </Act>
      {found.value === undefined ? null : found.value.length === 0 ? (
        <p class="note">{say("people.noSessions")}</p>
      ) : (
        <ul>
          {found.value.map((one) => (
            <li key={one.id}>
              {renderMoment(one.startedAt)} – {renderMoment(one.seenAt)}{" "}
              <Act act={end(one.id)} name="end-session">
                {say("people.endSession")}
              </Act>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
} // prettier-ignore

interface ActsProps {
  readonly of: Person;
  readonly done: (outcome: unknown) => void;
}

/** A device that is lost: its passkey counts no more, and every session of the person ends. */
function Devices({ of: { id, passkeys }, done }: ActsProps): VNode {
  const drop = (passkey: string) => async (): Promise<void> => {
    const params = { path: { id, passkey } };
    done((await proving(async () => await api.DELETE("/v1/people/{id}/passkeys/{passkey}", { params }))).data);
  };
  const giveCode = async (): Promise<void> => {
    done((await proving(async () => await api.POST("/v1/people/{id}/code", { params: { path: { id } } }))).data);
  };
  return (
    <div>
      <ul>
        {passkeys.map((one) => (
          <li key={one.id}>
            <bdi>{one.name}</bdi> · {say("people.used", { time: renderMoment(one.usedAt) })}{" "}
            <Act act={drop(one.id)} name="lost">
              {say("people.lost")}
            </Act>
          </li>
        ))}
      </ul>
      <Act act={giveCode} name="code">
        {say("admin.code")}
      </Act>
    </div>
  );
} // prettier-ignore

function Standing({ of: { id, state }, done }: ActsProps): VNode {
  const put = (next: "active" | "suspended" | "left") => async (): Promise<void> => {
    const params = { path: { id } };
    done((await proving(async () => await api.PUT("/v1/people/{id}/state", { params, body: { state: next } }))).data);
  };
  return (
    <p class="acts">
      {state === "suspended" ? <Act act={put("active")} name="active">{say("people.again")}</Act> : <Act act={put("suspended")} name="suspend">{say("people.suspend")}</Act>}
      <Act act={put("left")} name="left">
        {say("people.leave")}
      </Act>
    </p>
  );
} // prettier-ignore

function RightsForm({ of, done }: ActsProps): VNode {
  const form = useSignal<HTMLFormElement | null>(null);
  const put = async (): Promise<void> => {
    if (form.value === null) return;
    const body = readRights(form.value);
    done((await proving(async () => await api.PUT("/v1/people/{id}/rights", { params: { path: { id: of.id } }, body }))).data);
  };
  return (
    <form ref={(element) => void (form.value = element)} onSubmit={(event) => event.preventDefault()}>
      <RightsFields of={of} />
      <Act act={put} name="rights">
        {say("admin.rights")}
      </Act>
    </form>
  );
} // prettier-ignore

function One({ of }: { readonly of: Person }): VNode {
  const outcome = useSignal<unknown>(undefined);
  const done = (value: unknown): void => {
    outcome.value = value;
    stir();
  };
  const { id, name, roles: given, handlingUpTo, state } = of;
  const isOver = state === "left" || !may("PUT", "/v1/people/{id}/rights");
  return (
    <li data-person={id}>
      <details>
        <summary>
          <bdi>{name}</bdi> · {tellRoles(given)} · {tellCeiling(handlingUpTo)} · {tellState(state)}
          {id === session.value?.id ? ` · ${say("people.you")}` : null}
        </summary>
        {isOver ? null : (
          <>
            <RightsForm of={of} done={done} />
            <Devices of={of} done={done} />
            <OpenSessions id={id} />
            <Standing of={of} done={done} />
          </>
        )}
        <Outcome of={outcome.value} />
      </details>
    </li>
  );
} // prettier-ignore

/** People of the agency: who may do what, up to which handling, and from where; no account is two persons'. */
export function People(): VNode {
  const found = useLoad(`${tick.value}`, async () => had((await api.GET("/v1/people")).data).items);
  return (
    <>
      {may("POST", "/v1/people") ? <Invite /> : null}
      <Panel of={found}>
        {(items) => (
          <ul class="plain people">
            {items.map((one) => (
              <One key={one.id} of={one} />
            ))}
          </ul>
        )}
      </Panel>
    </>
  );
}
