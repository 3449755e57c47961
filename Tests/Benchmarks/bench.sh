#!/usr/bin/env bash
# The server beside its limit: requests over HTTP by wrk, and the same function calls by pgbench, taking turns, because
# a shared machine is never the same twice. `./dev bench` starts it, and says by environment variables:
#   RAPPORT_BINARY  the program          BENCH_URL  conninfo of a superuser, without dbname
#   PGBENCH         PostgreSQL's own     ROUNDS, SECONDS_PER_ROUND, PEOPLE  may be set by the caller
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

rounds=${ROUNDS:-5}
seconds=${SECONDS_PER_ROUND:-5}
export PEOPLE=${PEOPLE:-200000}
work=.build/bench
database="$BENCH_URL dbname=rapport_bench"
server=
port=
base=
targets=(noop me)
declare -A path=([noop]=/noop [me]=/api/v1/user/profile/me)
declare -A goal=([noop]=0.80 [me]=0.95)

say() { printf '==> %s\n' "$*"; }

die() {
    printf 'bench: %s\n' "$*" >&2
    exit 1
}

query() { psql -X -q -At -v ON_ERROR_STOP=1 "$@"; }

# median: of the numbers on standard input, one a line.
median() { sort -g | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# column FILE NUMBER: one column of a file of results.
column() { awk -v n="$2" '{ print $n }' "$1"; }

# --- The database ---------------------------------------------------------------------------------

migrate() { DATABASE_URL=$database "$RAPPORT_BINARY" migrate >"$work/migrate.log" 2>&1; }

# The people are kept between runs; what they were made of stands in the database's comment.
prepare_database() {
    local admin="$BENCH_URL dbname=postgres" wanted found
    wanted="$PEOPLE people by $(sha256sum <Tests/Benchmarks/people.sql | cut -c 1-16)"
    found=$(query -c "SELECT shobj_description(oid, 'pg_database') FROM pg_database
        WHERE datname = 'rapport_bench'" "$admin")
    if [[ $found == "$wanted" ]] && migrate; then return; fi
    say "making $PEOPLE people"
    query -c 'DROP DATABASE IF EXISTS rapport_bench WITH (FORCE)' -c 'CREATE DATABASE rapport_bench' "$admin" \
        2>/dev/null
    migrate || die "migrate failed: $(tail -n 1 "$work/migrate.log")"
    query -v people="$PEOPLE" -o /dev/null -f Tests/Benchmarks/people.sql "$database" || die "people.sql failed"
    query -c 'VACUUM ANALYZE' -c 'CHECKPOINT' -c "COMMENT ON DATABASE rapport_bench IS '$wanted'" "$database"
}

# write_statement TARGET: the route's own statement as a script of pgbench, its parameters sent as the server does.
# shellcheck disable=SC2016 # the dollars are the statement's
write_statement() {
    local statement token=NULL
    statement=$(query -c "SELECT statement FROM http.gateway_routes()
        WHERE method = 'GET' AND template = '${path[$1]}'" "$database")
    [[ -n $statement ]] || die "no route ${path[$1]}"
    if [[ $1 == me ]]; then
        token="concat('bench-', :person::text)"
        printf '\\set person random(1, %s)\n' "$PEOPLE"
    fi
    sed -e 's/\$10/:media_type/g; s/\$1/:id/g; s/\$2/:method/g; s/\$8/:address/g; s/\$9/:agent/g' \
        -e "s/\\\$6/$token/g" -e 's/\$3/NULL/g; s/\$[457]/NULL/g; s/$/;/' <<<"$statement"
}

# --- The server -----------------------------------------------------------------------------------

# A port of the loopback address that nobody listens at.
free_port() {
    local candidate=18080
    while (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null; do candidate=$((candidate + 1)); done
    printf '%d' "$candidate"
}

# first_answer: whether the server answers GET /noop with 200 on a connection of its own.
first_answer() {
    local line
    exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
    printf 'GET /noop HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3
    IFS= read -r -t 1 line <&3 || line=
    exec 3>&-
    [[ $line == *' 200 '* ]]
}

# Starts the server and prints how many milliseconds it took to its first answer.
start_server() {
    local began=$EPOCHREALTIME tries=0
    DATABASE_URL=$database HOST=127.0.0.1 PORT=$port MAIL_DIR=$work/mail "$RAPPORT_BINARY" serve \
        >"$work/server.log" 2>"$work/server.err" &
    server=$!
    until first_answer 2>/dev/null; do
        kill -0 "$server" 2>/dev/null || die "the server ended: $(tail -n 1 "$work/server.err")"
        ((++tries < 5000)) || die "the server does not answer"
        sleep 0.002
    done
    kill -0 "$server" 2>/dev/null || die "somebody else answers at port $port"
    awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.0f\n", (b - a) * 1000 }' >>"$work/start"
}

stop_server() {
    if [[ -z $server ]]; then return; fi
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
}

measure_start() {
    say "starting the server $rounds times"
    local round
    : >"$work/start"
    for ((round = 1; round <= rounds; round++)); do
        stop_server
        start_server
    done
}

# Processor time of the server so far, in microseconds.
cpu() {
    local tick
    tick=$(getconf CLK_TCK)
    # The name of the program, in parentheses, is the only field that may contain blanks.
    sed 's/.*) //' "/proc/$server/stat" | awk -v tick="$tick" '{ printf "%d\n", ($12 + $13) * 1000000 / tick }'
}

# Proportional set size of the server in KiB.
pss() { awk '$1 == "Pss:" { print $2 }' "/proc/$server/smaps_rollup"; }

# --- Rounds ---------------------------------------------------------------------------------------

# load TARGET SECONDS: wrk; prints requests/s, p50, p99 in ms, CPU µs a request, PSS in KiB while it ran, errors.
load() {
    local before after memory
    before=$(cpu)
    wrk -t1 -c32 -d"${2}s" -s "Tests/Benchmarks/$1.lua" "$base${path[$1]}" >"$work/wrk.log" 2>&1 &
    local client=$!
    sleep "$(awk -v s="$2" 'BEGIN { print s * 0.7 }')"
    memory=$(pss)
    wait "$client" || die "wrk failed: $(tail -n 1 "$work/wrk.log")"
    after=$(cpu)
    awk -v cpu="$((after - before))" -v pss="$memory" '$1 == "RESULT" && $2 > 0 {
        printf "%.0f %.3f %.3f %.2f %d %d\n", $2 / $3, $4, $5, cpu / $2, pss, $6 }' "$work/wrk.log"
}

# limit TARGET SECONDS: pgbench; prints transactions/s.
limit() {
    PGOPTIONS='-c role=rapport_api' "$PGBENCH" -n -M prepared -c 8 -j 1 -T "$2" -f "$work/$1.sql" \
        -D id=0123456789abcdef0123456789abcdef -D method=GET -D address=127.0.0.1 -D agent=pgbench \
        -D media_type=application/json \
        "$database" >"$work/pgbench.log" 2>&1 || die "pgbench failed: $(tail -n 1 "$work/pgbench.log")"
    awk '$1 == "tps" { printf "%.0f\n", $3 }' "$work/pgbench.log"
}

# round SECONDS: every target once by wrk and once by pgbench; results are appended to a file for each target.
round() {
    local target http sql
    for target in "${targets[@]}"; do
        http=$(load "$target" "$1")
        sql=$(limit "$target" "$1")
        [[ -n $http && -n $sql ]] || die "no result for $target: see $work"
        printf '%s %s\n' "$http" "$sql" | awk '{ printf "%s %.3f\n", $0, $1 / $7 }' >>"$work/$target.results"
    done
}

run_rounds() {
    local number target
    say "warming up"
    round 1
    for target in "${targets[@]}"; do : >"$work/$target.results"; done
    for ((number = 1; number <= rounds; number++)); do
        say "round $number of $rounds"
        round "$seconds"
    done
}

# A contract may answer every request with 200: what became of them, the server counts.
check_outcomes() {
    local bad
    bad=$(curl -fsS "$base/metrics" | grep '^rapport_requests_total{' | grep -v 'outcome="200"' || true)
    if [[ -n $bad ]]; then die "not all requests went well: ${bad//$'\n'/, }"; fi
    if awk '$6 > 0 { found = 1 } END { exit !found }' "$work"/*.results; then die "wrk met errors: see $work"; fi
}

# p99 of `me` while 50 clients log in without pause: hashing has a lane of its own and must not hold up the rest. Each
# time beside its quiet value just before, since one second is not like another here.
measure_crowd() {
    local crowd quiet busy number
    : >"$work/crowd"
    for ((number = 1; number <= rounds; number++)); do
        say "me while 50 clients log in, $number of $rounds"
        quiet=$(load me "$seconds")
        wrk -t1 -c50 -d"$((seconds + 2))s" -s Tests/Benchmarks/login.lua \
            "$base/api/v1/user/authentication/login" >"$work/crowd.log" 2>&1 &
        crowd=$!
        sleep 1
        busy=$(load me "$seconds")
        wait "$crowd" || die "wrk failed: $(tail -n 1 "$work/crowd.log")"
        printf '%s %s %s\n' "$quiet" "$busy" "$(awk '$1 == "RESULT" { printf "%.1f", $2 / $3 }' "$work/crowd.log")" \
            | awk '{ printf "%s %s %.2f %s %s\n", $3, $9, $9 / $3, $7, $13 }' >>"$work/crowd"
    done
}

# --- The report -----------------------------------------------------------------------------------

report() {
    local target file
    printf '\n%s people, %d rounds of %d s, 32 connections; pgbench: 8 clients, prepared; %s cores; medians\n\n' \
        "$PEOPLE" "$rounds" "$seconds" "$(nproc)"
    printf '%-6s %10s %10s %7s %6s %8s %8s %9s %9s\n' \
        target requests/s pgbench/s ratio goal 'p50 ms' 'p99 ms' 'CPU µs' 'PSS KiB'
    for target in "${targets[@]}"; do
        file=$work/$target.results
        printf '%-6s %10.0f %10.0f %7.3f %6s %8.2f %8.2f %8.2f %9.0f\n' "$target" \
            "$(column "$file" 1 | median)" "$(column "$file" 7 | median)" "$(column "$file" 8 | median)" \
            "${goal[$target]}" "$(column "$file" 2 | median)" "$(column "$file" 3 | median)" \
            "$(column "$file" 4 | median)" "$(column "$file" 5 | median)"
    done
    printf '\n'
    for target in "${targets[@]}"; do
        printf 'ratio of each round, %s: %s\n' "$target" "$(column "$work/$target.results" 8 | paste -sd ' ')"
    done
    printf 'PSS idle: %d KiB at the start, %d KiB after all rounds\n' "$idle" "$(pss)"
    printf 'me while 50 clients log in (%.1f/s): p99 %.2f ms, %.2f x its quiet value (each: %s), %.0f requests/s\n' \
        "$(column "$work/crowd" 5 | median)" "$(column "$work/crowd" 2 | median)" \
        "$(column "$work/crowd" 3 | median)" "$(column "$work/crowd" 3 | paste -sd ' ')" \
        "$(column "$work/crowd" 4 | median)"
    printf 'start to first answer: %.0f ms\n' "$(median <"$work/start")"
    printf 'goals: CPU 12 µs a request, p99 of me 5 ms (3 times that while clients log in), PSS 12288 KiB, start 100 ms\n'
}

mkdir -p "$work"
trap stop_server EXIT
prepare_database
for target in "${targets[@]}"; do write_statement "$target" >"$work/$target.sql"; done
port=$(free_port)
base=http://127.0.0.1:$port
measure_start
idle=$(pss)
run_rounds
check_outcomes
measure_crowd
report
