import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";

import { api, had } from "../ground/api.ts";
import { type Asked, askedOf, queryOf, type View, viewNames, viewOf } from "../ground/inbox.ts";
import { go, hrefOf } from "../ground/place.ts";
import { whenQuiet } from "../ground/quiet.ts";
import { may } from "../ground/session.ts";
import { makeUuid } from "../ground/uuid.ts";
import { say } from "../ground/words.ts";
import { Act } from "./act.tsx";

function Link({ asked, name, isHere }: { readonly asked: Asked; readonly name: string; readonly isHere: boolean }): VNode {
  return (
    <li>
      <a href={hrefOf("inbox", asked)} aria-current={isHere ? "true" : undefined}>
        <bdi>{name}</bdi>
      </a>
    </li>
  );
} // prettier-ignore

/** Keeps the list as it is asked now under a name, for oneself or for all here. */
function Keep({ asked, done }: { readonly asked: Asked; readonly done: () => void }): VNode {
  const name = useSignal("");
  const shared = useSignal(false);
  const keep = async (): Promise<void> => {
    const [id, query] = [makeUuid(), queryOf(asked)];
    const body = { name: name.value.trim(), shared: shared.value, query };
    await api.PUT("/v1/views/{id}", { params: { path: { id } }, body });
    done();
    go("inbox", askedOf({ id, query }));
  };
  return (
    <details class="keep">
      <summary>{say("view.keep")}</summary>
      <label>
        {say("view.name")}
        <input name="view-name" maxLength={80} value={name.value} onInput={({ currentTarget }) => (name.value = currentTarget.value)} />
      </label>
      <label class="switch">
        <input type="checkbox" name="view-shared" checked={shared.value} onChange={({ currentTarget }) => (shared.value = currentTarget.checked)} />
        {say("view.shared")}
      </label>
      <Act name="keep-view" act={keep}>{say("view.save")}</Act>
    </details>
  );
} // prettier-ignore

function Drop({ view, done }: { readonly view: View; readonly done: () => void }): VNode {
  const drop = async (): Promise<void> => {
    await api.DELETE("/v1/views/{id}", { params: { path: { id: view.id } } });
    done();
    go("inbox");
  };
  return <Act name="drop-view" act={drop}>{say("view.drop", { name: view.name })}</Act>;
} // prettier-ignore

/** The ways to look at the inbox: the usual ones, and those that were kept; each is an address. */
export function Views({ asked }: { readonly asked: Asked }): VNode {
  const isKeeping = may("GET", "/v1/views");
  const kept = useSignal<readonly View[]>([]);
  const ask = async (): Promise<void> => {
    if (isKeeping) kept.value = had((await api.GET("/v1/views")).data).items;
  };
  useEffect(() => {
    // the list comes first; without these names it can be used
    void whenQuiet().then(ask).catch(() => undefined); // prettier-ignore
  }, []);
  const views = kept.value;
  const { saved = "", cursor: _, view: __, ...filters } = asked;
  const here = viewOf(asked);
  const own = views.find(({ id, mine }) => id === saved && mine);
  const isInHand = here === "mine" || here === "team";
  return (
    <>
      <ul class="views">
        {viewNames.map((view) => (
          <Link key={view} asked={view === "mine" || view === "team" ? { view } : { ...filters, view }} name={say(`view.${view}`)} isHere={saved === "" && view === here} />
        ))}
        {views.map((view) => (
          <Link key={view.id} asked={askedOf(view)} name={view.name} isHere={view.id === saved} />
        ))}
      </ul>
      {isKeeping && saved === "" && !isInHand ? <Keep asked={asked} done={() => void ask()} /> : null}
      {own === undefined ? null : <Drop view={own} done={() => void ask()} />}
    </>
  );
} // prettier-ignore
