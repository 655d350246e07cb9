#!/bin/sh
# One image, several commands; docker-compose.yml and systemd units name which.
set -eu
umask 027
export CKAN_IDENTITY_KEYS="${CKAN_IDENTITY_KEYS:-}"  # of a portal that has no key of its own yet

migrate() {
    ckan db upgrade
    ckan db upgrade -p govdata
    # CKAN prints the SQL that gives the reader's login its rights; \connect chooses the database.
    ckan datastore set-permissions | psql --quiet --set ON_ERROR_STOP=1 "$CKAN_DATASTORE_WRITE_URL"
}

healthy() {
    python - <<'PY'
import os, sys, urllib.error, urllib.request
try:
    urllib.request.urlopen(f"http://127.0.0.1:{os.environ.get('GOVDATA_PORT', '5000')}/api/govdata/health", timeout=8)
except urllib.error.HTTPError as error:
    sys.exit(error.read().decode())
PY
}

case "${1:-web}" in
    web) GOVDATA_LIVENESS=$(mktemp -d)  # where each worker answers its watchdog
        export GOVDATA_LIVENESS
        exec python -m ckanext.govdata.front.watchdog \
            python -m ckanext.govdata.front.server --host "${GOVDATA_HOST:-0.0.0.0}" \
            --port "${GOVDATA_PORT:-5000}" --workers "${GOVDATA_WORKERS:-2}" ;;
    worker) exec ckan jobs worker ;;
    scheduler) exec ckan govdata schedule run ;;
    migrate) migrate ;;
    healthy) healthy ;;
    *) exec "$@" ;;
esac
