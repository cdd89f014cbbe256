#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Records the traces beside this script anew: programs of Debian, watched by Valgrind's lackey.
# README.md tells what each holds. Takes a few minutes.
#
#   record.sh [NAME...]      sqlite-group-by, sort-lines, perl-word-count, gzip-text; all if none is named
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mmusim=${MMUSIM:-$here/../../build/mmusim}

scratch=$(mktemp -d)
valgrind_process=
trap 'kill $valgrind_process 2> /dev/null || true; rm -rf "$scratch"' EXIT

# record NAME SKIP LIMIT COMMAND...: so many accesses of the command, after those that are skipped, with
# the words of $environment and PATH as all its environment, which lies on its stack.
# What lackey writes (about 14 bytes per access) goes through a pipe and is cut off after the window: a
# line holds at least one access, but for Valgrind's few own lines.
record() {
  name=$1 skip=$2 limit=$3
  shift 3
  rm -f "$scratch/lackey"
  mkfifo "$scratch/lackey"
  (
    cd "$scratch"
    # shellcheck disable=SC2086  # as many words as it has
    exec env -i PATH="$PATH" $environment \
      valgrind --tool=lackey --trace-mem=yes --log-file=lackey "$@" \
      < input > output.txt 2> messages.txt
  ) &
  valgrind_process=$!
  head -n $((skip + limit + 100)) "$scratch/lackey" |
    "$mmusim" trace convert --format lackey --skip "$skip" --limit "$limit" /dev/stdin \
      -o "$here/$name.mmutrace.xz"
  kill "$valgrind_process" 2> /dev/null || true
  wait "$valgrind_process" || true
}

# Lines of text that look like words, in an order that a multiplication mixes.
words() {
  awk -v lines="$1" 'BEGIN {
    for (i = 0; i < lines; ++i) {
      n = i * 48271 % 65537
      printf "%c%c%c%d %s\n", 97 + n % 26, 97 + int(n / 26) % 26, 97 + n % 7, n % 4093,
             substr("the quick brown fox jumps over the lazy dog", n % 30 + 1, n % 13)
    }
  }'
}

# Before the window the program starts, reads the table and begins to sort; it is the end of the
# sort, where sorted lists of records all over the heap are merged.
sqlite_group_by() {
  environment=
  rm -f "$scratch/orders.db"
  sqlite3 "$scratch/orders.db" <<'SQL'
PRAGMA page_size = 4096;
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER, amount INTEGER, note TEXT);
WITH RECURSIVE row (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM row WHERE i < 15999)
INSERT INTO orders
SELECT i, i * 48271 % 16033, i * 7919 % 99991, printf('%0*d', 400 + i % 100, i) FROM row;
SQL
  cat > "$scratch/input" <<'SQL'
PRAGMA cache_size = -65536;
SELECT max(orders), max(longest)
FROM (SELECT amount, count(*) AS orders, max(length(note)) AS longest
      FROM orders GROUP BY amount);
SQL
  record sqlite-group-by 50100000 2400000 sqlite3 -init /dev/null orders.db
}

# A sort in memory: two sorted halves of pointers to lines are merged.
sort_lines() {
  environment=LC_ALL=C
  words 60000 > "$scratch/input"
  record sort-lines 20000000 500000 sort --parallel=1 --buffer-size=16M
}

# A hash of words: each is looked up where its hash says, in a heap of a few megabytes.
perl_word_count() {
  environment=PERL_HASH_SEED=0
  words 60000 > "$scratch/input"
  # shellcheck disable=SC2016  # the variables are perl's
  record perl-word-count 30000000 400000 perl -ne '$count{$_}++ for split; END { print scalar %count }'
}

# Compression: a window of 32 KiB and hash chains over it.
gzip_text() {
  environment=
  words 60000 > "$scratch/input"
  record gzip-text 10000000 500000 gzip --no-name --stdout
}

if [ $# = 0 ]; then
  set -- sqlite-group-by sort-lines perl-word-count gzip-text
fi
for name in "$@"; do
  case $name in
    sqlite-group-by) sqlite_group_by ;;
    sort-lines) sort_lines ;;
    perl-word-count) perl_word_count ;;
    gzip-text) gzip_text ;;
    *)
      echo "record.sh: $name: no such trace" >&2
      exit 2
      ;;
  esac
done
