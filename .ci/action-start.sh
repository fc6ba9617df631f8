#!/usr/bin/env bash
# What action.yml does: installs Fauxreel, starts it in the background, waits for it, and points
# the following steps of the job at it.
set -euo pipefail

: "${GITHUB_ACTION_PATH:?}" "${GITHUB_ENV:?}" "${GITHUB_OUTPUT:?}" "${RUNNER_TEMP:?}"

if [ -n "${INPUT_VERSION:-}" ] && [ -n "${INPUT_SOURCE:-}" ]; then
  echo "fauxreel: give version or source, not both" >&2
  exit 1
fi
wanted=${INPUT_SOURCE:-$GITHUB_ACTION_PATH}
[ -z "${INPUT_VERSION:-}" ] || wanted=fauxreel==$INPUT_VERSION

folder=$(mktemp -d "$RUNNER_TEMP/fauxreel.XXXXXX")
"${PYTHON:-python3}" -m venv "$folder/venv"
bin=$folder/venv/bin
[ -d "$bin" ] || bin=$folder/venv/Scripts # Windows
"$bin/python" -m pip install --quiet --disable-pip-version-check "$wanted"

# One word for each flag and each value; `read` ends with 1 where the text does.
read -r -d '' -a args <<<"${INPUT_ARGS:-}" || true
"$bin/fauxreel" serve --port "${INPUT_PORT:-4010}" ${args[@]+"${args[@]}"} \
  >"$folder/ready" 2>"$folder/log" </dev/null &
emulator=$!

url=
until [ -n "$url" ]; do
  if ! kill -0 "$emulator" 2>/dev/null; then
    cat "$folder/log" >&2
    exit 1
  fi
  sleep 0.1
  url=$(sed -n 's/^ready //p; s/.*"url": "\([^"]*\)".*/\1/p' "$folder/ready")
done
"$bin/fauxreel" wait "$url" --insecure --timeout 60

"$bin/python" -m fauxreel.client_variables "$url" >>"$GITHUB_ENV"
{
  echo "url=$url"
  echo "pid=$emulator"
  echo "log=$folder/log"
} >>"$GITHUB_OUTPUT"
echo "fauxreel $("$bin/fauxreel" --version | cut -d' ' -f2) answers at $url"
