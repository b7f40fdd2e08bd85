#!/usr/bin/env bash
# exits.sh CODE COMMAND...: runs the command and succeeds if that is its exit code.
want=$1
shift
"$@"
have=$?
[ "$have" = "$want" ] && exit 0
echo "exit code $have instead of $want: $*" >&2
exit 1
