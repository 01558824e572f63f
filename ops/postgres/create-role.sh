#!/bin/sh
# Run once by the postgres image, when it makes its data directory: the role that the program connects as, which may do
# anything in its own databases and nothing else. The superuser keeps no password, so that nobody is one over the network:
#   docker compose exec database psql -U postgres
set -eu
psql -v ON_ERROR_STOP=1 --username postgres --dbname postgres --no-psqlrc --quiet \
  --set role="$ROLE" --set password="$ROLE_PASSWORD" <<'SQL'
create role :"role" login password :'password' nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
alter role postgres password null;
SQL
for database in $ROLE_DATABASES; do
  psql -v ON_ERROR_STOP=1 --username postgres --dbname postgres --no-psqlrc --quiet \
    --set role="$ROLE" --set database="$database" <<'SQL'
create database :"database" owner :"role";
revoke all on database :"database" from public;
SQL
done
