import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { language } from "../ground/words.ts";
import { type Code, getCodes } from "./form.ts";
import { useForm } from "./work.ts";

/** The codes of a list as a field shows them; a long list comes a moment later. */
export function useCodes(list: string): readonly Code[] {
  const { form } = useForm();
  const codes = useSignal<readonly Code[]>(form.lists.get(list) ?? []);
  const lang = language.value;
  useEffect(() => {
    const bring = async (): Promise<void> => {
      codes.value = await getCodes(list, form, lang);
    };
    // without them the code itself still stands in the field, and the next look tries again
    bring().catch(() => undefined);
  }, [list, form, lang]);
  return codes.value;
}
