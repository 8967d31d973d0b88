import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Fault } from "../forms/work.ts";
import { say } from "../ground/words.ts";

function show(pointer: string): void {
  // the field itself, or what holds it
  for (let at = pointer; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const found = document.getElementById(at);
    if (found === null) continue;
    found.closest("details")?.setAttribute("open", "");
    found.focus();
    return;
  }
}

/** Everything that is wrong, on top, each leading to its field; it takes the focus when it comes. */
export function FaultSummary({ faults }: { readonly faults: readonly Fault[] }): VNode | null {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (faults.length > 0) box.current?.focus();
  }, [faults]);
  if (faults.length === 0) return null;
  return (
    <div class="problem" role="alert" tabIndex={-1} ref={box}>
      <h2>{say("form.faults", { n: faults.length })}</h2>
      <ul>
        {faults.map(({ pointer, says }) => (
          <li key={pointer + says}>
            <a
              href={`#${pointer}`}
              onClick={(event) => {
                event.preventDefault();
                show(pointer);
              }}
            >
              {says}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
