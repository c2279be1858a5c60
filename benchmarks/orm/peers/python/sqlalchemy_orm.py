from sqlalchemy import ForeignKey, create_engine, event, insert, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload

from serving import serve


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str | None]
    role: Mapped[str]
    age: Mapped[int]
    city: Mapped[str]
    bio: Mapped[str | None]
    score: Mapped[float]
    logins: Mapped[int]
    country: Mapped[str]
    posts: Mapped[list["Post"]] = relationship()


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str]
    body: Mapped[str]
    views: Mapped[int]
    rating: Mapped[float]


class Note(Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int]
    title: Mapped[str]
    body: Mapped[str]
    views: Mapped[int]


class Counter(Base):
    __tablename__ = "counters"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    hits: Mapped[int]


def open_contender(engine, target):
    db = create_engine(f"sqlite:///{target}" if engine == "sqlite" else target.replace("postgres:", "postgresql+psycopg:", 1))
    if engine == "sqlite":
        # What better-sqlite3 is compiled with.
        @event.listens_for(db, "connect")
        def normal(connection, _):
            connection.execute("pragma synchronous = normal")

    # A session per operation, as a request has one.
    def select_pk(id):
        with Session(db) as session:
            return session.get(User, id)

    def select_100(after):
        with Session(db) as session:
            return session.scalars(select(User).where(User.id > after).order_by(User.id).limit(100)).all()

    def insert_one(note):
        with Session(db) as session:
            row = Note(**note)
            session.add(row)
            session.flush()
            new = row.id
            session.commit()
            return new

    def bulk(notes):
        with Session(db) as session:
            session.execute(insert(Note), notes)
            session.commit()

    def update_pk(change):
        with Session(db) as session:
            session.execute(update(Counter).where(Counter.id == change["id"]).values(hits=change["hits"]))
            session.commit()

    def eager(after):
        with Session(db) as session:
            query = select(User).where(User.id > after).order_by(User.id).limit(50).options(selectinload(User.posts))
            return session.scalars(query).all()

    def top(views):
        with Session(db) as session:
            query = select(Post).where(Post.views < views, Post.rating > 2)
            return session.scalars(query.order_by(Post.views.desc(), Post.id.desc()).limit(20)).all()

    operations = {
        "select-pk": select_pk,
        "select-100": select_100,
        "insert-one": insert_one,
        "bulk-1000": bulk,
        "update-pk": update_pk,
        "eager-50x20": eager,
        "filter-order-limit": top,
    }
    return operations, lambda user: user.posts


serve(open_contender)
