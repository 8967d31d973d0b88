import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import { api, had } from "../ground/api.ts";
import { useLoad } from "../ground/load.ts";
import { enrol, goToProvider, signIn } from "../ground/session.ts";
import { say } from "../ground/words.ts";
import { Act } from "../parts/act.tsx";
import { Heading } from "../parts/heading.tsx";
import { LanguageChoice } from "../parts/header.tsx";
import { StatusBar } from "../parts/status-bar.tsx";

/** Where nobody is signed in: by passkey, by the agency's own accounts where it has such, or for the first time by the code an administrator gave. */
export function SignIn(): VNode {
  const code = useSignal("");
  const isUndone = useSignal(false);
  const ways = useLoad("", async () => had((await api.GET("/v1/session:ways")).data));
  const hasAccount = ways.state.value.value?.oidc === true;
  const done = (isDone: boolean): void => {
    isUndone.value = !isDone;
  };
  return (
    <>
      <header>
        <p class="agency">Atumpan</p>
        <StatusBar />
        <LanguageChoice />
      </header>
      <main id="main" class="narrow">
        <Heading title={say("signIn.title")} />
        <Act kind="main" name="sign-in" act={async () => done(await signIn())}>
          {say("signIn.passkey")}
        </Act>
        {hasAccount ? (
          <Act name="oidc" act={async () => await goToProvider()}>
            {say("signIn.account")}
          </Act>
        ) : null}
        {isUndone.value ? <p role="alert">{say("signIn.undone")}</p> : null}
        <h2>{say("signIn.first")}</h2>
        <label>
          {say("signIn.code")}
          <input
            name="code"
            dir="ltr"
            autocomplete="one-time-code"
            value={code.value}
            onInput={({ currentTarget }) => (code.value = currentTarget.value)}
          />
        </label>
        <div class="acts">
          <Act name="enrol" act={async () => done(await enrol(code.value.trim()))}>
            {say("signIn.enrol")}
          </Act>
          {hasAccount ? (
            <Act name="oidc-link" act={async () => await goToProvider(code.value.trim())}>
              {say("signIn.link")}
            </Act>
          ) : null}
        </div>
      </main>
    </>
  );
}
