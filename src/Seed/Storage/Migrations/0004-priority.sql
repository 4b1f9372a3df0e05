alter table runs add column priority integer not null default 1;
