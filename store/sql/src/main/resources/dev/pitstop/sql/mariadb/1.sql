-- Pitstop's tables in MariaDB 10.6 and later, version 1.

create table if not exists pitstop_version (
  version    int primary key,
  applied_at timestamp not null default current_timestamp
) engine = InnoDB;

-- One number for each write of messages; it orders equal due times and makes tokens grow.
create table if not exists pitstop_number (
  number bigint auto_increment primary key
) engine = InnoDB;

create table if not exists pitstop_message (
  queue         varbinary(128) not null,       -- UTF-8
  id            varbinary(512) not null,       -- UTF-8
  due           bigint,                        -- milliseconds since 1970 (UTC); null: buried
  seq           bigint not null,               -- orders equal due times, and buried messages
  scheduled_for bigint not null,               -- the occurrence the next emission stands for
  leased_until  bigint not null default 0,     -- 0: not leased
  token         bigint not null,               -- of the last lease
  missed        bigint not null,
  attempts      int not null,
  was           smallint,                      -- before the last write: 0 scheduled, 1 leased, 2 buried
  content_type  varchar(255) not null,
  headers       mediumtext,                    -- a JSON object
  schedule      mediumtext,
  last_error    text,
  body          longblob not null,
  primary key (queue, id),
  -- Exactly the order in which messages are leased; nothing in it changes with a lease.
  key pitstop_due (queue, due, seq)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

-- How the counts change, a row a write; the sums are the counts, and are written in place of the rows
-- every now and then.
create table if not exists pitstop_count (
  number    bigint auto_increment primary key,
  queue     varbinary(128) not null,
  scheduled bigint not null,
  leased    bigint not null,
  buried    bigint not null
) engine = InnoDB;

-- The queues that are paused; no row: it is not.
create table if not exists pitstop_pause (
  queue varbinary(128) primary key
) engine = InnoDB;

insert ignore into pitstop_version (version) values (1);
