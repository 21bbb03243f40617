#!/bin/sh
# What a branch changes about the decisions of its policies, as Markdown: one section per changed policy.
#
#   policy-diff.sh BASE OUTPUT.md
#
# BASE is the branch that this one will be merged into, or any revision. Exit code: 0 nothing became looser; 1 some requests get a weaker
# decision, or nobody can say whether they do, or a policy is gone; 2 a comparison failed.
#
# POLICYC is the command to run, `npx policyc` unless it is set.
set -eu
# Where the branch left, so that later work on BASE does not show up.
base=$(git merge-base "$1" HEAD) || exit 2
case $2 in /*) output=$2 ;; *) output=$PWD/$2 ;; esac
cd "$(git rev-parse --show-toplevel)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A policy changes with its own file, or with a schema: when one changed, all policies are compared.
changed() { git -c core.quotePath=false diff --no-renames --name-only "$@"; }
if changed "$base" -- '*.json' | grep -q .; then
  git -c core.quotePath=false ls-files -- '*.policy' >"$work/all"
fi
changed "$base" -- '*.policy' >>"$work/all"
sort -u "$work/all" >"$work/paths"

# Text that a policy may have chosen stands in an indented block, where nothing is Markdown.
note() { printf '%s\n\n    %s\n\n' "$1" "$2"; }
worse() { [ "$status" -ge "$1" ] || status=$1; }

status=0
while IFS= read -r path; do
  case $path in \"*) # git quotes names with line breaks and the like
    note '### Policy whose name cannot be compared' "$path"
    worse 2
    continue ;;
  esac
  if ! git cat-file -e "$base:$path" 2>/dev/null; then
    note '### New policy, nothing to compare' "$path"
  elif [ ! -e "$path" ]; then
    note '### Policy removed: nothing judges its requests any more' "$path"
    worse 1
  else
    code=0
    ${POLICYC:-npx policyc} diff "git:$base:$path" "./$path" --format markdown --fail-on loosening \
      >"$work/section" 2>"$work/errors" </dev/null || code=$?
    [ "$code" -le 1 ] || code=2
    worse "$code"
    cat "$work/errors" >&2
    if [ -s "$work/section" ]; then
      cat "$work/section"
    else # no report: the policy has errors, or the program could not run
      note '### Policy that cannot be compared' "$path"
      sed 's/^/    /' "$work/errors"
      worse 2
    fi
    echo
  fi
done <"$work/paths" >"$work/report"

[ -s "$work/report" ] || echo 'No policy changed.' >"$work/report"
# Longer comments are refused by GitHub: then the verdicts alone.
if [ "$(wc -c <"$work/report")" -gt 60000 ]; then
  grep -E '^(### |\*\*|    )' "$work/report" | head -c 60000 >"$output"
else
  cat "$work/report" >"$output"
fi
exit "$status"
