import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { unreadFlash } from "../ground/flash.ts";
import { focusWished } from "../ground/focus.ts";

/** The one heading of a screen: it names the window too, with how many FLASH messages wait, and takes the focus when one comes to the screen. */
export function Heading({ title, children }: { readonly title: string; readonly children?: ComponentChildren }): VNode {
  const heading = useRef<HTMLHeadingElement>(null);
  const n = unreadFlash.value.length;
  useEffect(() => {
    if (!focusWished()) heading.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, []);
  useEffect(() => {
    document.title = `${n === 0 ? "" : `(${n}) `}${title} – Atumpan`;
  }, [title, n]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {title}
      {children}
    </h1>
  );
} // prettier-ignore
