alter table runs add column request_key text;
alter table runs add column request_digest text;
create unique index runs_request_key on runs (request_key);
create table run_tags (
    run text not null references runs (name),
    tag text not null,
    primary key (run, tag)
);
