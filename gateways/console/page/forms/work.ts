import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { Form } from "./form.ts";
import type { Path } from "./tree.ts";

/** What is wrong with one field, in the language of the page. */
export interface Fault {
  readonly pointer: string;
  readonly says: string;
}

/** What all fields of a form share. */
export interface FormWork {
  /** The id of the draft that is filled. */
  readonly draft: string;
  readonly form: Form;
  readonly value: (path: Path) => unknown;
  readonly change: (path: Path, value: unknown) => void;
  /** What is wrong, where the writer asked for it. */
  readonly faults: readonly Fault[];
  /** The language that free text is written in. */
  readonly lang: string;
}

/** Given to the fields by the screen they stand on. */
export const FormContext = createContext<FormWork | undefined>(undefined);

/** The form that a field stands in. */
export function useForm(): FormWork {
  const work = useContext(FormContext);
  if (work === undefined) throw new Error("a field stands in no form");
  return work;
}
