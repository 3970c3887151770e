"""Celery's application: tasks are doorbells, see qbo_sync.tasks."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smmware.settings")

app = Celery("smmware")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
