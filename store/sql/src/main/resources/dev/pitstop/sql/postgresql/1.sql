-- Pitstop's tables in PostgreSQL 12 and later, version 1.

create table pitstop_version (
  version    integer primary key,
  applied_at timestamptz not null default now()
);

-- One number for each write of messages; it orders equal due times and makes tokens grow.
create sequence pitstop_number;

create table pitstop_message (
  due           bigint,                        -- milliseconds since 1970 (UTC); null: buried
  seq           bigint not null,               -- orders equal due times, and buried messages
  scheduled_for bigint not null,               -- the occurrence the next emission stands for
  leased_until  bigint not null default 0,     -- 0: not leased
  token         bigint not null,               -- of the last lease
  missed        bigint not null,
  attempts      integer not null,
  was           smallint,                      -- before the last write: 0 scheduled, 1 leased, 2 buried
  queue         text collate "C" not null,
  id            text collate "C" not null,
  content_type  text not null,
  headers       text,                          -- a JSON object
  schedule      text,
  last_error    text,
  body          bytea not null,
  primary key (queue, id)
) with (
  -- Half of each page is left free, so that a lease writes its new row version into the same page and
  -- no index (HOT). Rows live briefly: what is dead is cleaned away early and without pauses.
  fillfactor = 50,
  autovacuum_vacuum_threshold = 10000,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_cost_delay = 0,
  autovacuum_analyze_threshold = 100000,
  autovacuum_analyze_scale_factor = 0.1,
  toast.autovacuum_vacuum_threshold = 10000,
  toast.autovacuum_vacuum_scale_factor = 0.02,
  toast.autovacuum_vacuum_cost_delay = 0
);

-- Exactly the order in which messages are leased; nothing in it changes with a lease.
create index on pitstop_message (queue, due, seq) where due is not null;

create index on pitstop_message (queue, seq) where due is null;

-- How the counts change, a row a write; the sums are the counts, and are written in place of the rows
-- every now and then.
create table pitstop_count (
  queue     text collate "C" not null,
  scheduled bigint not null,
  leased    bigint not null,
  buried    bigint not null
) with (
  autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_cost_delay = 0
);

-- The queues that are paused; no row: it is not.
create table pitstop_pause (
  queue text collate "C" primary key
);

insert into pitstop_version (version) values (1);
