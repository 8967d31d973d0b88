import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import { commands } from "../ground/commands.ts";
import { isSoundOn, turnSound } from "../ground/flash.ts";
import { areKeysOn, changeKey, keymap, turnKeys } from "../ground/keys.ts";
import { renderStroke, strokeOf } from "../ground/strokes.ts";
import { say, type WordId } from "../ground/words.ts";
import { Heading } from "../parts/heading.tsx";

interface Keyed {
  readonly id: string;
  readonly word: WordId;
}

const list: Keyed = { id: "commands", word: "keyboard.commands" };

/** A key of its own, or two one after the other, as they are pressed; Escape leaves it as it was. */
function Change({ of: { id, word }, done }: { readonly of: Keyed; readonly done: () => void }): VNode {
  const first = useSignal("");
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Tab") return;
    event.preventDefault();
    const stroke = strokeOf(event);
    if (event.key === "Escape" || event.key === "Enter") {
      if (event.key === "Enter" && first.value !== "") changeKey({ id, stroke: first.value });
      done();
    } else if (stroke !== "") {
      first.value = first.value === "" || first.value.includes(" ") ? stroke : `${first.value} ${stroke}`;
    }
  };
  return (
    <>
      <input
        class="stroke"
        readOnly
        dir="ltr"
        aria-label={`${say(word)}: ${say("keyboard.press")}`}
        value={renderStroke(first.value)}
        placeholder={say("keyboard.press")}
        ref={(field) => field?.focus()}
        onKeyDown={onKeyDown}
      />
      <button type="button" onClick={done}>{say("act.cancel")}</button>
    </>
  );
} // prettier-ignore

function Key({ of }: { readonly of: Keyed }): VNode {
  const isChanging = useSignal(false);
  const stroke = keymap.value.get(of.id) ?? "";
  const done = (): void => {
    isChanging.value = false;
  };
  return (
    <tr role="row" data-key={of.id}>
      <th scope="row" role="rowheader">{say(of.word)}</th>
      <td role="cell">{stroke === "" ? say("keyboard.none") : <kbd dir="ltr">{renderStroke(stroke)}</kbd>}</td>
      <td role="cell" class="keys">
        {isChanging.value ? <Change of={of} done={done} /> : (
          <>
            <button type="button" data-act={`change-${of.id}`} aria-label={`${say("keyboard.change")}: ${say(of.word)}`} onClick={() => (isChanging.value = true)}>{say("keyboard.change")}</button>
            {stroke === "" ? null : <button type="button" data-act={`off-${of.id}`} aria-label={`${say("keyboard.off")}: ${say(of.word)}`} onClick={() => changeKey({ id: of.id, stroke: "" })}>{say("keyboard.off")}</button>}
          </>
        )}
      </td>
    </tr>
  );
} // prettier-ignore

function Switch({ word, isOn, turn, name }: { readonly word: WordId; readonly isOn: () => boolean; readonly turn: (isOn: boolean) => void; readonly name: string }): VNode {
  const state = useSignal(isOn());
  return (
    <label class="switch">
      <input
        type="checkbox"
        name={name}
        checked={state.value}
        onChange={({ currentTarget: { checked } }) => {
          turn(checked);
          state.value = checked;
        }}
      />
      {say(word)}
    </label>
  );
} // prettier-ignore

/** What keys do and how they are changed, sound, and what the network can see; always at the same place, and without a line too. */
export function Help(): VNode {
  return (
    <>
      <Heading title={say("nav.help")} />
      <h2>{say("flash.title")}</h2>
      <p>
        <Switch name="sound" word="flash.sound" isOn={isSoundOn} turn={turnSound} />
      </p>
      <h2>{say("help.seenTitle")}</h2>
      <p>{say("help.seen")}</p>
      <h2>{say("help.keptTitle")}</h2>
      <p>{say("help.kept")}</p>
      <h2>{say("keyboard.title")}</h2>
      <p>
        <Switch name="keys" word="keyboard.on" isOn={areKeysOn} turn={turnKeys} />
      </p>
      <p class="note">{say("keyboard.help")}</p>
      <table class="figures stacked" role="table" aria-label={say("keyboard.title")}>
        <tbody role="rowgroup">
          {[list, ...commands].map((one) => (
            <Key key={one.id} of={one} />
          ))}
        </tbody>
      </table>
      <button type="button" data-act="usual-keys" onClick={() => changeKey(undefined)}>
        {say("keyboard.usual")}
      </button>
    </>
  );
}
