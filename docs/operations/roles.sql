-- Один раз, от имени суперпользователя: sudo -u postgres psql -f roles.sql
-- Затем пароли: \password portal_owner, \password portal_app
CREATE ROLE portal_owner LOGIN;  -- владеет таблицами, выполняет миграции
CREATE ROLE portal_app LOGIN;    -- под ней работает портал; не владеет ничем
CREATE DATABASE portal OWNER portal_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE portal FROM PUBLIC;
GRANT CONNECT ON DATABASE portal TO portal_app;
