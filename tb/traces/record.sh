#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Records sqlite-group-by.mmutrace.xz anew, beside this script: a database query, watched by
# Valgrind's lackey. Takes a few minutes. README.md tells what the trace holds.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mmusim=${MMUSIM:-$here/../../build/mmusim}
trace=$here/sqlite-group-by.mmutrace.xz

# Before that many accesses the program starts, reads the table and begins to sort; the window is
# the end of the sort, where sorted lists of records all over the heap are merged.
skip=50100000
limit=2400000

scratch=$(mktemp -d)
valgrind_process=
trap 'kill $valgrind_process 2> /dev/null || true; rm -rf "$scratch"' EXIT

sqlite3 "$scratch/orders.db" <<'SQL'
PRAGMA page_size = 4096;
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER, amount INTEGER, note TEXT);
WITH RECURSIVE row (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM row WHERE i < 15999)
INSERT INTO orders
SELECT i, i * 48271 % 16033, i * 7919 % 99991, printf('%0*d', 400 + i % 100, i) FROM row;
SQL

cat > "$scratch/query.sql" <<'SQL'
PRAGMA cache_size = -65536;
SELECT max(orders), max(longest)
FROM (SELECT amount, count(*) AS orders, max(length(note)) AS longest
      FROM orders GROUP BY amount);
SQL

# What lackey writes (about 14 bytes per access) goes through a pipe and is cut off after the window:
# a line holds at least one access, but for Valgrind's few own lines.
mkfifo "$scratch/lackey"
(
  cd "$scratch"
  exec env -i PATH="$PATH" valgrind --tool=lackey --trace-mem=yes --log-file=lackey \
    sqlite3 -init /dev/null orders.db < query.sql > answer.txt 2> messages.txt
) &
valgrind_process=$!

head -n $((skip + limit + 100)) "$scratch/lackey" |
  "$mmusim" trace convert --format lackey --skip "$skip" --limit "$limit" /dev/stdin -o "$trace"
