#!/bin/sh
# Ends whatever works on the packed cluster of a folder, and the cluster; with "remove" the folder goes too.
#   end-packed-cluster.sh TOOL WORKDIR keep|remove
# As a guard it first reads its standard input to the end: that comes however the writer ends, by SIGKILL too.
set -u
tool=$1 workdir=$2 folder=$3
while read -r _; do :; done

# Every program that works on it has the folder in its environment, the nodes too. Some start others meanwhile.
for _ in 1 2 3; do
  for environ in $(grep -lzE "^WORKDIR=$workdir(/|\$)" /proc/[0-9]*/environ 2>/dev/null); do
    pid=${environ#/proc/}
    kill -KILL "${pid%/environ}" 2>/dev/null
  done
done
if [ -e "$workdir/env" ]; then WORKDIR=$workdir "$tool/down.sh" || exit 1; fi
[ "$folder" = keep ] || rm -rf "${workdir:?}"
