#!/bin/bash
# Runs once, when the database volume is empty (or by hand, as the database superuser, on a
# machine without docker): the portal's login, which is no superuser, owns both databases;
# the reader's may only read what CKAN grants it.
set -euo pipefail
psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
     --set password="$CKAN_DB_PASSWORD" --set reader_password="$CKAN_DATASTORE_PASSWORD" <<'SQL'
CREATE ROLE ckan LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE ROLE datastore_reader LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'reader_password';
CREATE DATABASE ckan OWNER ckan ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE datastore OWNER ckan ENCODING 'UTF8' TEMPLATE template0;
SQL
