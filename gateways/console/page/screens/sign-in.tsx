import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import { enrol, signIn } from "../ground/session.ts";
import { say } from "../ground/words.ts";
import { Act } from "../parts/act.tsx";
import { Heading } from "../parts/heading.tsx";
import { LanguageChoice } from "../parts/header.tsx";
import { StatusBar } from "../parts/status-bar.tsx";

/** Where nobody is signed in: by passkey, or for the first time by the code an administrator gave. */
export function SignIn(): VNode {
  const code = useSignal("");
  const isUndone = useSignal(false);
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
        <Act name="enrol" act={async () => done(await enrol(code.value.trim()))}>
          {say("signIn.enrol")}
        </Act>
      </main>
    </>
  );
}
