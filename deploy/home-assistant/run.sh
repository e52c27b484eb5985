#!/bin/bash
# Starts `blip serve` with the app's options, which Home Assistant keeps in /data/options.json.
set -euo pipefail
settings=${1:-/data/options.json}

# The text of one option. The image has nothing that reads JSON; texts with escapes are told of.
option() {
  local text pattern="\"$1\"[[:space:]]*:[[:space:]]*\"(([^\"\\\\]|\\\\.)*)\""
  text=$(<"$settings")
  [[ $text =~ $pattern ]] || return 0
  if [[ ${BASH_REMATCH[1]} == *\\* ]]; then
    echo "The option $1 has a quotation mark, a backslash or a letter that is escaped; write it without." >&2
    exit 64
  fi
  printf %s "${BASH_REMATCH[1]}"
}

model=$(option model)
key=$(option api_key)
more=$(option options)
arguments=(serve --host 0.0.0.0 --model "${model:-demo}")
if [ -n "$key" ]; then
  # In a file, since a process's arguments are everybody's to read.
  umask 077
  printf '%s\n' "$key" >"$(dirname "$settings")/api-keys"
  arguments+=(--api-key-file "$(dirname "$settings")/api-keys")
fi
if [[ $model == */* ]]; then
  blip pull "$model"
fi
# Words of further options, divided by spaces.
read -r -a words <<<"$more"
exec blip "${arguments[@]}" "${words[@]}"
