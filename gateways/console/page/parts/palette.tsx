import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Command } from "../ground/commands.ts";
import { isListShown, keymap, listCommands } from "../ground/keys.ts";
import { renderStroke } from "../ground/strokes.ts";
import { say } from "../ground/words.ts";

const idOf = (command: Command): string => `command-${command.id}`;

function fold(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

function Line({ of, isAt, take }: { readonly of: Command; readonly isAt: boolean; readonly take: () => void }): VNode {
  const stroke = keymap.value.get(of.id) ?? "";
  return (
    <li role="option" id={idOf(of)} aria-selected={isAt} data-command={of.id} onClick={take}>
      {say(of.word)}
      {stroke === "" ? null : <kbd dir="ltr">{renderStroke(stroke)}</kbd>}
    </li>
  );
} // prettier-ignore

/** The commands that can be given here, by name: one types some letters of it, and Enter gives it. */
export function Palette(): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const typed = useSignal("");
  const at = useSignal(0);
  // what can be done is what could be done where it was opened
  const all = useRef(listCommands());
  const found = all.current.filter(({ word }) =>
    fold(say(word)).includes(fold(typed.value.trim())),
  );
  const here = found[Math.min(at.value, found.length - 1)];
  const close = (): void => {
    dialog.current?.close();
    isListShown.value = false;
  };
  const take = (command: Command | undefined): void => {
    close();
    command?.run();
  };
  useEffect(() => dialog.current?.showModal(), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by !== 0) at.value = (at.value + by + found.length) % Math.max(1, found.length);
    else if (event.key === "Enter") take(here);
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} class="palette" aria-label={say("keyboard.commands")} onClose={close}>
      <input
        role="combobox"
        aria-label={say("keyboard.commands")}
        aria-expanded="true"
        aria-controls="commands"
        aria-activedescendant={here === undefined ? undefined : idOf(here)}
        autocomplete="off"
        value={typed.value}
        onInput={({ currentTarget }) => {
          typed.value = currentTarget.value;
          at.value = 0;
        }}
        onKeyDown={onKeyDown}
      />
      <ul role="listbox" id="commands" aria-label={say("keyboard.commands")}>
        {found.map((one) => (
          <Line key={one.id} of={one} isAt={one === here} take={() => take(one)} />
        ))}
      </ul>
      {found.length === 0 ? <p class="note">{say("keyboard.noCommand")}</p> : null}
      <button type="button" onClick={close}>
        {say("act.close")}
      </button>
    </dialog>
  );
}
