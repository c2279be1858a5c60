-- The tables of Conduit. SQLite keeps what a column is declared as (strict) and refuses rows that point nowhere.

create table users (
  id integer primary key autoincrement,
  username text not null unique,
  email text not null collate nocase unique,
  passwordHash text not null,
  bio text,
  image text
) strict;

create table follows (
  followerId integer not null references users (id) on delete cascade,
  followedId integer not null references users (id) on delete cascade,
  primary key (followerId, followedId)
) strict, without rowid;

-- Dates are ISO 8601 text in UTC with milliseconds, exactly as the API answers them: they sort as they are.
create table articles (
  id integer primary key autoincrement,
  slug text not null unique,
  title text not null,
  description text not null,
  body text not null,
  authorId integer not null references users (id) on delete cascade,
  createdAt text not null,
  updatedAt text not null
) strict;
create index articlesByTime on articles (createdAt, id);
create index articlesByAuthor on articles (authorId, createdAt, id);

create table articleTags (
  articleId integer not null references articles (id) on delete cascade,
  tag text not null,
  primary key (articleId, tag)
) strict, without rowid;
create index articlesByTag on articleTags (tag);

create table favorites (
  articleId integer not null references articles (id) on delete cascade,
  userId integer not null references users (id) on delete cascade,
  primary key (articleId, userId)
) strict, without rowid;
create index favoritesByUser on favorites (userId);

create table comments (
  id integer primary key autoincrement,
  body text not null,
  articleId integer not null references articles (id) on delete cascade,
  authorId integer not null references users (id) on delete cascade,
  createdAt text not null,
  updatedAt text not null
) strict;
create index commentsByArticle on comments (articleId, id);
