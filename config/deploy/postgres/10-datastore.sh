#!/bin/bash
# Runs once, when the database volume is empty: the DataStore's own database and its
# read-only login. CKAN's own permissions on it are set by "govdata-entrypoint migrate".
set -euo pipefail
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
     --set password="$DATASTORE_PASSWORD" <<'SQL'
CREATE ROLE datastore_reader LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE datastore OWNER ckan ENCODING 'UTF8';
SQL
