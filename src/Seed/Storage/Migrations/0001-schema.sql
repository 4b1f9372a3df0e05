create table benchmarks (
    digest text primary key,
    name text not null,
    metric text not null,
    architectures integer not null,
    content text not null
);
create table runs (
    name text primary key,
    created text not null,
    configuration text not null,
    preset text not null,
    benchmark_digest text not null references benchmarks (digest),
    output text,
    numeric_profile text,
    phase text not null,
    problem text,
    seconds double precision not null default 0,
    term_hits bigint not null default 0,
    term_misses bigint not null default 0
);
create table reports (
    run text primary key references runs (name),
    content text not null
);
create table terms (
    content_key text not null,
    input integer not null,
    segment integer not null,
    block $binary$ not null,
    primary key (content_key, input, segment)
);
create table exhaustive (
    content_key text primary key,
    result text not null
);
create table nodes (
    address text primary key,
    seen double precision not null
);
create table identity (
    only_row integer primary key,
    id text not null
);
create table attempts (
    content_key text not null,
    wanted text not null,
    machine text not null,
    process text not null,
    primary key (content_key, wanted, process)
);
