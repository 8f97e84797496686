# The programs of others that look at ours from outside, for scripts that read this file in: each with packages of its own,
# below `target`, brought anew when the versions that it names change. Needs `die`, `install` and `say` of scripts/postgres.sh.

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

# Brings a client of Node's with the packages that it names, and prints where it is.
client_node() {
    local environment=target/$1-client source=tests/clients/$1
    command -v node >/dev/null && command -v npm >/dev/null || install nodejs npm ||
        die "node and npm (20 or newer) are needed for the $1 checks, and could not be installed"
    mkdir -p "$environment"
    cp tests/clients/*.mjs "$source"/*.m[jt]s "$source/package.json" "$environment"
    if ! cmp -s "$source/package-lock.json" "$environment/package-lock.json" || [ ! -d "$environment/node_modules" ]; then
        cp "$source/package-lock.json" "$environment"
        npm ci --prefix "$environment" --ignore-scripts --no-audit --no-fund --silent >&2 || {
            rm -f "$environment/package-lock.json"
            die "npm could not install what $source/package-lock.json names"
        }
    fi
    printf '%s\n' "$environment"
}

# Prints where Chromium is.
client_browser() {
    local name
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" && return
    done
    install chromium || die "Chromium is needed for the checks of the page, and could not be installed"
    command -v chromium
}

# Has a client check the program that the tests built: on an empty SQLite database, and on those at the addresses given.
check_client() {
    local name=$1 program directory database status=0 client=()
    shift
    if [ -f "tests/clients/$name/package.json" ]; then
        client=(node "$(client_node "$name")/check.mjs") || return
    else
        client=("$(client_python "$name")" "tests/clients/$name/check.py") || return
    fi
    program=${CARGO_TARGET_DIR:-$PWD/target}/debug/skiplevel
    cargo build --bin skiplevel --locked --quiet || return
    directory=$(mktemp -d)
    for database in "sqlite://$directory/client.db?mode=rwc" "$@"; do
        say "$name on ${database%%:*}"
        "${client[@]}" "$program" "$database" || status=$?
    done
    rm -rf "$directory"
    return "$status"
}
