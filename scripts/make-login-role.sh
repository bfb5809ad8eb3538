#!/bin/sh
# Runs once, when the database container makes its cluster: gives the role of run time its password. The first migration
# finds the role there and gives it its memberships.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$PARLEY_LOGIN_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
create role parley_login login noinherit password :'password';
SQL
