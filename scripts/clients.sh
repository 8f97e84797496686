# The programs of others that look at ours from outside, for scripts that read this file in: each in a virtual environment of
# its own, below `target`, made anew when the versions in its requirements change. Needs `die` and `say` of scripts/postgres.sh.

# Prints the Python of the environment of a client, which is a directory in tests/clients.
client_python() {
    local environment=target/$1-client wanted=tests/clients/$1/requirements.txt
    command -v python3 >/dev/null || die "python3 (3.10 or newer, with venv and pip) is needed for the $1 checks"
    if ! cmp -s "$wanted" "$environment/requirements.txt"; then
        rm -rf "$environment"
        python3 -m venv "$environment" >&2 ||
            die "python3 could not make a virtual environment; it needs the package python3-venv"
        "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$wanted" >&2 ||
            die "pip could not install what $wanted names"
        cp "$wanted" "$environment/requirements.txt"
    fi
    printf '%s\n' "$environment/bin/python"
}

# Has a client check the program that the tests built: on an empty SQLite database, and on those at the addresses given.
check_client() {
    local name=$1 python program directory database status=0
    shift
    python=$(client_python "$name") || return
    program=${CARGO_TARGET_DIR:-target}/debug/skiplevel
    cargo build --bin skiplevel --locked --quiet || return
    directory=$(mktemp -d)
    for database in "sqlite://$directory/client.db?mode=rwc" "$@"; do
        say "$name on ${database%%:*}"
        "$python" "tests/clients/$name/check.py" "$program" "$database" || status=$?
    done
    rm -rf "$directory"
    return "$status"
}
