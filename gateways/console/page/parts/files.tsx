import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";

import type { components } from "../../../client/api-types.ts";
import { api, had } from "../ground/api.ts";
import { after } from "../ground/clock.ts";
import { type Fetched, keepFile } from "../ground/download.ts";
import { fetchFile } from "../ground/fetch-file.ts";
import { tick } from "../ground/live.ts";
import { useLoad } from "../ground/load.ts";
import { renderSize, renderWait } from "../ground/sizes.ts";
import { type Language, language, say } from "../ground/words.ts";
import { Act } from "./act.tsx";
import { Panel } from "./panel.tsx";

type FileView = components["schemas"]["MessageFile"];

/** What of it a browser shows as a picture; larger ones are kept first and opened outside. */
const pictures: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/webp"]);
const mostShown = 5 * 1024 * 1024;
const followMs = 2_000;
/** States in which a file is on its way, and is looked at again. */
const moving: ReadonlySet<string> = new Set(["WAITING", "SENDING", "FETCHING"]);

async function getFiles(id: string): Promise<readonly FileView[]> {
  return had((await api.GET("/v1/messages/{id}/attachments", { params: { path: { id } } })).data).items;
} // prettier-ignore

async function getRoles(lang: Language): Promise<ReadonlyMap<string, string>> {
  const params = { path: { list: "ATTACHMENT_ROLE" }, query: { lang } };
  const { codes } = had((await api.GET("/v1/codelists/{list}", { params })).data);
  return new Map(codes.map(({ code, label }) => [code, label]));
}

/** A picture in the page; its bytes are let go with it. */
function Picture({ of, name }: { readonly of: Blob; readonly name: string }): VNode | null {
  const url = useSignal("");
  useEffect(() => {
    const made = URL.createObjectURL(of);
    url.value = made;
    return () => URL.revokeObjectURL(made);
  }, [of]);
  return url.value === "" ? null : <img class="picture" src={url.value} alt={name} />;
}

interface Place {
  readonly message: string;
  readonly file: FileView;
  readonly again: () => void;
}

/** What lies at the gateway comes to this PC. Where the line breaks it goes on from there. */
function Take({ message, file: { digest, size, mediaType } }: Place): VNode {
  const done = useSignal<number | undefined>(undefined);
  const fetched = useSignal<Fetched | undefined>(undefined);
  const isShown = useSignal(false);
  const bring = async (): Promise<Fetched> => {
    const known = fetched.value;
    if (known !== undefined) return known;
    done.value = 0;
    try {
      fetched.value = await fetchFile({ message, digest, size }, (have) => (done.value = have));
      return fetched.value;
    } finally {
      done.value = undefined;
    }
  };
  const canShow = pictures.has(mediaType) && size <= mostShown;
  return (
    <>
      {done.value === undefined ? null : (
        <p role="status">
          <progress max={size} value={done.value} aria-label={say("files.coming")} /> {renderSize(done.value)}
        </p>
      )}
      {canShow ? (
        <Act name="show-file" act={async () => { await bring(); isShown.value = true; }}>
          {say("files.show")}
        </Act>
      ) : null}
      <Act name="keep-file" act={async () => keepFile(await bring())}>
        {say("files.keep")}
      </Act>
      {fetched.value === undefined ? null : (
        <p>
          {say("files.name")} <bdi data-file-name>{fetched.value.name}</bdi>
        </p>
      )}
      {fetched.value !== undefined && isShown.value ? <Picture of={fetched.value.blob} name={fetched.value.name} /> : null}
    </>
  );
} // prettier-ignore

/** Whether it comes from the hub, and how far it is. */
function Fetching({ message, file, again }: Place): VNode | null {
  const { digest, seconds, state, done, size } = file;
  const params = { path: { id: message, digest } };
  if (state === "THERE") {
    const bring = async (): Promise<void> => {
      await api.POST("/v1/messages/{id}/attachments/{digest}/fetch", { params });
      again();
    };
    return (
      <Act name="fetch-file" act={bring}>
        {say("files.fetch")}
        {seconds === undefined ? null : ` (${renderWait(seconds)})`}
      </Act>
    );
  }
  if (state !== "FETCHING") return null;
  const leave = async (): Promise<void> => {
    await api.DELETE("/v1/messages/{id}/attachments/{digest}/fetch", { params });
    again();
  };
  return (
    <>
      <progress max={size} value={done} aria-label={say("files.coming")} />
      <Act name="stop-file" act={leave}>
        {say("files.stop")}
      </Act>
    </>
  );
}

function OneFile({ place, role }: { readonly place: Place; readonly role: string }): VNode {
  const { state, size, mediaType, done, seconds, code, digest } = place.file;
  return (
    <li data-file={digest} data-state={state}>
      <p>
        <strong>{role}</strong> · {renderSize(size)} · <bdi dir="ltr">{mediaType}</bdi>
      </p>
      <p class={state === "REFUSED" ? "bad" : "note"}>
        {say(`files.${state}`)}
        {moving.has(state) ? ` – ${renderSize(done)}` : null}
        {moving.has(state) && seconds !== undefined ? ` · ${renderWait(seconds)}` : null}
        {code === undefined ? null : <> <bdi dir="ltr">{code}</bdi></>}
      </p>
      <div class="acts">
        <Fetching {...place} />
        {state === "HERE" || state === "SENT" || state === "SENDING" || state === "WAITING" ? <Take {...place} /> : null}
      </div>
    </li>
  );
} // prettier-ignore

/** The files of a message: what they are, how far each has come, and how long the rest takes; brought here when one wants them. */
export function Files({ id }: { readonly id: string }): VNode {
  const files = useLoad(`${id} ${tick.value}`, async () => await getFiles(id));
  const roles = useLoad(language.value, async () => await getRoles(language.value));
  const shown = files.state.value;
  const isMoving = shown.value?.some(({ state }) => moving.has(state)) ?? false;
  useEffect(() => {
    if (!isMoving) return undefined;
    const timer = after(followMs, files.again);
    return () => timer.stop();
  }, [shown]);
  const roleName = (role: string): string => roles.state.value.value?.get(role) ?? role;
  return (
    <section aria-labelledby="files" data-part="files">
      <h2 id="files">{say("files.title")}</h2>
      <Panel of={files}>
        {(items) => (
          <ul class="plain">
            {items.map((file) => (
              <OneFile key={file.digest} place={{ message: id, file, again: files.again }} role={roleName(file.role)} />
            ))}
          </ul>
        )}
      </Panel>
    </section>
  );
} // prettier-ignore
