create table scores (
    content_key text not null,
    proxy text not null,
    value double precision,
    seconds double precision not null,
    reason text,
    primary key (content_key, proxy)
);
