import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

/** A part of a screen that costs something to have: it is asked for when it is opened. */
export function Unfold({ title, name, children }: { readonly title: string; readonly name: string; readonly children: () => VNode }): VNode {
  const isOpen = useSignal(false);
  return (
    <details class="more" data-unfold={name} onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}>
      <summary>{title}</summary>
      {isOpen.value ? children() : null}
    </details>
  );
} // prettier-ignore
