import type { Command } from "commander";

/** The shells whose completion can be printed. */
export const shells = ["bash", "zsh", "fish", "powershell"] as const;

/** What may stand behind the words of a command; the first has no words: it is `atumpan` itself. */
export interface CompletionWords {
  /** The words that lead there, such as `message send`. */
  readonly path: string;
  /** Commands below, choices of its argument, and its options. */
  readonly next: readonly string[];
}

function longOptions(command: Command): readonly string[] {
  const shown = command.options.filter(({ hidden }) => !hidden);
  return shown.flatMap(({ long }) => long ?? []);
}

function choicesOf(command: Command): readonly string[] {
  return command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
}

function wordsBelow(command: Command, path: string, common: readonly string[]): readonly CompletionWords[] {
  const names = command.commands.map((one) => one.name());
  const more = path === "" ? ["help"] : [];
  const own = path === "" ? [] : longOptions(command);
  const next = [...names, ...more, ...choicesOf(command), ...own, ...common, "--help"];
  const below = command.commands.flatMap((one) =>
    wordsBelow(one, `${path} ${one.name()}`.trim(), common),
  );
  return [{ path, next: [...new Set(next)] }, ...below];
} // prettier-ignore

/** All words there are, from the tree of commands. */
export function findWords(program: Command): readonly CompletionWords[] {
  return wordsBelow(program, "", longOptions(program));
}

const takesFile =
  "--folder|--out|--key|--root|--register|--from|--token-file|--secret-file|--ca-file|--office|--report";

function renderBash(words: readonly CompletionWords[]): string {
  const lines = words.map(({ path, next }) => `    '${path}') words='${next.join(" ")}' ;;`);
  return `# completion of atumpan for bash: source <(atumpan completion bash)
_atumpan() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path='' words='' i word
  if [[ $prev == @(${takesFile}) ]]; then COMPREPLY=($(compgen -f -- "$cur")); return; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$word" in -*) continue ;; esac
    case "\${COMP_WORDS[i-1]}" in --as|--context|--lang|--timeout) continue ;; esac
    path="\${path:+$path }$word"
  done
  while :; do
    case "$path" in
${lines.map((line) => `  ${line}`).join("\n")}
    esac
    [[ -n $words || -z $path ]] && break
    [[ $path == *' '* ]] && path=\${path% *} || path=''
  done
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  [[ \${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$cur"))
}
complete -F _atumpan atumpan
`;
} // prettier-ignore

function renderZsh(words: readonly CompletionWords[]): string {
  return `#compdef atumpan
# completion of atumpan for zsh: source <(atumpan completion zsh)
autoload -U +X bashcompinit && bashcompinit
setopt local_options 2>/dev/null
${renderBash(words).split("\n").slice(1).join("\n")}`;
}

function quoteFish(text: string): string {
  return `'${text}'`;
}

function renderFish(words: readonly CompletionWords[]): string {
  const lines = words.map(({ path, next }) => `    case ${quoteFish(path)}\n      printf '%s\\n' ${next.map(quoteFish).join(" ")}`);
  return `# completion of atumpan for fish: atumpan completion fish | source
function __atumpan_words
  switch "$argv"
${lines.join("\n")}
  end
end
function __atumpan_next
  set -l path
  set -l before ''
  for word in (commandline -opc)[2..-1]
    if not string match -q -- '-*' $word; and not contains -- $before --as --context --lang --timeout
      set -a path $word
    end
    set before $word
  end
  while true
    set -l found (__atumpan_words $path)
    if test (count $found) -gt 0; or test (count $path) -eq 0
      printf '%s\\n' $found
      return
    end
    set -e path[-1]
  end
end
complete -c atumpan -a '(__atumpan_next)'
`;
} // prettier-ignore

function renderPowerShell(words: readonly CompletionWords[]): string {
  const lines = words.map(({ path, next }) => `  '${path}' = '${next.join(" ")}'`);
  return `# completion of atumpan for PowerShell: atumpan completion powershell | Out-String | Invoke-Expression
$AtumpanWords = @{
${lines.join("\n")}
}
Register-ArgumentCompleter -Native -CommandName atumpan -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $path = @(); $before = ''
  foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
    $word = $element.ToString()
    if ($element.Extent.EndOffset -ge $cursorPosition -and $wordToComplete -ne '') { break }
    if (-not $word.StartsWith('-') -and $before -notin '--as', '--context', '--lang', '--timeout') { $path += $word }
    $before = $word
  }
  while ($path.Count -gt 0 -and -not $AtumpanWords.ContainsKey($path -join ' ')) {
    $path = @($path | Select-Object -First ($path.Count - 1))
  }
  $AtumpanWords[($path -join ' ')] -split ' ' | Where-Object { $_ -like "$wordToComplete*" } |
    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
`;
} // prettier-ignore

const renderers: Readonly<Record<string, (words: readonly CompletionWords[]) => string>> = {
  bash: renderBash,
  zsh: renderZsh,
  fish: renderFish,
  powershell: renderPowerShell,
};

/** What makes one of `shells` complete these words; nothing for another. */
export function renderCompletion(shell: string, words: readonly CompletionWords[]): string {
  return Object.hasOwn(renderers, shell) ? (renderers[shell]?.(words) ?? "") : "";
}
