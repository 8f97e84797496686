# A PostgreSQL to throw away, for scripts that read this file in: from a temporary directory of its own, on a free port
# of the loopback, gone when the script ends, however it ends.

readonly oldest_postgres=14
scratch=
postgres_bin=
postgres_url=

say() { printf '== %s\n' "$*" >&2; }

die() {
    printf 'scripts/%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# Runs a command with the rights to install packages; fails where there are none.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        return 1
    fi
}

# PostgreSQL refuses to run as root, so root hands over to the user its package made, or else to nobody.
as_owner() (
    # The owner may not be allowed to stand in the directory of the sources.
    cd /
    if [ "$(id -u)" -ne 0 ]; then
        "$@"
    elif command -v runuser >/dev/null; then
        runuser -u "$(owner)" -- "$@"
    else
        su -s /bin/sh "$(owner)" -c 'exec "$0" "$@"' -- "$@"
    fi
)

owner() {
    if id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi
}

# Prints the directory of the newest PostgreSQL that is new enough.
find_postgres() {
    local dir version best= best_version=0
    for dir in "$(dirname "$(command -v initdb || echo /none)")" /usr/lib/postgresql/*/bin /usr/local/pgsql/bin; do
        [ -x "$dir/initdb" ] && [ -x "$dir/pg_ctl" ] && [ -x "$dir/postgres" ] || continue
        version=$("$dir/initdb" --version | sed -E 's/[^0-9]*([0-9]+).*/\1/')
        if [ "$version" -ge "$oldest_postgres" ] && [ "$version" -gt "$best_version" ]; then
            best=$dir best_version=$version
        fi
    done
    [ -n "$best" ] && printf '%s\n' "$best"
}

# Installs packages of Debian's; fails where that cannot be done.
install() {
    say "installing $*"
    command -v apt-get >/dev/null || return 1
    as_root apt-get update -qq >&2 &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# Starts one, with the arguments as further settings of the server; its address is in postgres_url then.
start_postgres() {
    postgres_bin=$(find_postgres) || {
        install postgresql || die "PostgreSQL $oldest_postgres or newer is needed and could not be installed"
        postgres_bin=$(find_postgres) || die "the installed PostgreSQL is older than $oldest_postgres"
    }
    # A short path: the name of a Unix socket has at most 107 bytes.
    scratch=$(mktemp -d /tmp/skiplevel-postgres.XXXXXX)
    [ "$(id -u)" -ne 0 ] || chown "$(owner)" "$scratch"
    say "starting $("$postgres_bin/postgres" --version)"
    as_owner "$postgres_bin/initdb" --pgdata "$scratch/data" --username postgres --auth trust \
        --encoding UTF8 --locale C --no-sync >"$scratch.log" 2>&1 || fail_postgres
    local attempt port
    for attempt in 1 2 3 4 5; do
        port=$((20000 + RANDOM % 12000))
        if as_owner "$postgres_bin/pg_ctl" start --pgdata "$scratch/data" --log "$scratch/server.log" --wait --silent \
            -o "-h 127.0.0.1 -p $port -k $scratch -c max_connections=200 $*" >>"$scratch.log" 2>&1; then
            # shellcheck disable=SC2034 # whoever reads this file in reads the variable
            postgres_url="postgres://postgres@127.0.0.1:$port/postgres"
            return
        fi
        say "port $port is taken or the server would not start (attempt $attempt)"
    done
    fail_postgres
}

fail_postgres() {
    cat "$scratch.log" "$scratch/server.log" >&2 2>/dev/null || true
    die "PostgreSQL did not start"
}

clean_up() {
    local status=$?
    trap - EXIT
    if [ -n "$scratch" ]; then
        as_owner "$postgres_bin/pg_ctl" stop --pgdata "$scratch/data" --mode immediate --silent >/dev/null 2>&1 || true
        rm -rf "$scratch" "$scratch.log"
    fi
    exit "$status"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
