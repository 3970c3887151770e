"""SMMware: the office of a senior move management company."""

from smmware.celery import app as celery_app

__all__ = ["celery_app"]
