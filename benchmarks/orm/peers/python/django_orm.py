import sys
from urllib.parse import unquote, urlparse

import django
from django.conf import settings
from django.db import models

from serving import serve


def database(engine, target):
    if engine == "sqlite":
        # synchronous: what better-sqlite3 is compiled with.
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": target,
            "OPTIONS": {"init_command": "pragma synchronous = normal"},
        }
    url = urlparse(target)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path[1:],
        "USER": url.username,
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname,
        "PORT": url.port,
        "CONN_MAX_AGE": None,
    }


settings.configure(DATABASES={"default": database(sys.argv[2], sys.argv[3])}, USE_TZ=True)
django.setup()


class User(models.Model):
    email = models.TextField()
    name = models.TextField(null=True)
    role = models.TextField()
    age = models.IntegerField()
    city = models.TextField()
    bio = models.TextField(null=True)
    score = models.FloatField()
    logins = models.IntegerField()
    country = models.TextField()

    class Meta:
        app_label = "contender"
        db_table = "users"


class Post(models.Model):
    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="posts")
    title = models.TextField()
    body = models.TextField()
    views = models.IntegerField()
    rating = models.FloatField()

    class Meta:
        app_label = "contender"
        db_table = "posts"


class Note(models.Model):
    author_id = models.IntegerField()
    title = models.TextField()
    body = models.TextField()
    views = models.IntegerField()

    class Meta:
        app_label = "contender"
        db_table = "notes"


class Counter(models.Model):
    name = models.TextField()
    hits = models.IntegerField()

    class Meta:
        app_label = "contender"
        db_table = "counters"


def open_contender(engine, target):
    operations = {
        "select-pk": lambda id: User.objects.get(pk=id),
        "select-100": lambda after: list(User.objects.filter(id__gt=after).order_by("id")[:100]),
        "insert-one": lambda note: Note.objects.create(**note).pk,
        "bulk-1000": lambda notes: Note.objects.bulk_create([Note(**note) for note in notes]),
        "update-pk": lambda change: Counter.objects.filter(pk=change["id"]).update(hits=change["hits"]),
        "eager-50x20": lambda after: list(User.objects.filter(id__gt=after).order_by("id").prefetch_related("posts")[:50]),
        "filter-order-limit": lambda views: list(
            Post.objects.filter(views__lt=views, rating__gt=2).order_by("-views", "-id")[:20]
        ),
    }
    return operations, lambda user: user.posts.all()


serve(open_contender)
