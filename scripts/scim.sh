# The SCIM checks of others, for scripts that read this file in: scim2-tester in a virtual environment of its own, below
# `target`, made anew when the versions in the requirements change. Needs `die` and `say` of scripts/postgres.sh.

readonly scim_client=tests/clients/scim

# Prints the Python of the environment.
scim_python() {
    local environment=target/scim-client wanted=$scim_client/requirements.txt
    command -v python3 >/dev/null || die "python3 (3.10 or newer, with venv and pip) is needed for the SCIM checks"
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

# Checks the program that the tests built, on an empty database of either kind.
check_scim() {
    local python program directory status=0
    python=$(scim_python) || return
    program=${CARGO_TARGET_DIR:-target}/debug/skiplevel
    cargo build --bin skiplevel --locked --quiet || return
    directory=$(mktemp -d)
    say "SCIM on SQLite"
    "$python" "$scim_client/check.py" "$program" "sqlite://$directory/scim.db?mode=rwc" || status=$?
    rm -rf "$directory"
    say "SCIM on PostgreSQL"
    "$python" "$scim_client/check.py" "$program" "$postgres_url" || status=$?
    return "$status"
}
