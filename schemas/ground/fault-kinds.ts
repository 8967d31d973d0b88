/** What one code means to whoever meets it. */
export interface FaultKind {
  /** HTTP status it becomes at an HTTP edge. */
  readonly status: number;
  /** One plain sentence without facts; the detail carries those. */
  readonly title: string;
  /** `later`: the same act may succeed; `after-change`: mend the input first; `never`: it cannot. */
  readonly retry: "never" | "later" | "after-change";
  /** Who may read the detail: the caller, or only the operator in the log. */
  readonly audience: "caller" | "operator";
}

/** A fault whose detail the caller may read. */
export function caller(
  status: number,
  title: string,
  retry: FaultKind["retry"] = "after-change",
): FaultKind {
  return { status, title, retry, audience: "caller" };
}

/** A fault whose detail is for the operator alone. */
export function operator(
  status: number,
  title: string,
  retry: FaultKind["retry"] = "later",
): FaultKind {
  return { status, title, retry, audience: "operator" };
}
