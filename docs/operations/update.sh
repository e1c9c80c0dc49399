#!/usr/bin/env bash
# Обновление до версии, которая лежит в /srv/projectoffice/app (git pull уже сделан). Запускать от root.
# Сначала резервная копия: миграции назад не откатываются.
set -euo pipefail

APP=${APP:-/srv/projectoffice/app}
cd "$APP"
docs/operations/backup.sh

(
    set -a
    . /etc/projectoffice/portal.env
    . /etc/projectoffice/owner.env   # структуру меняет владелец таблиц, не роль приложения
    make setup
)
{ echo 'SET ROLE portal_owner;'; cat docs/operations/grants.sql; } |
    runuser -u postgres -- psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 portal
systemctl restart portal-web portal-worker
