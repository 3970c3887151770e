import django.core.validators
from django.db import migrations, models
from django.db.models import F


def nothing_old_is_news(apps, schema_editor):
    """What ended before there were mails is not mailed now."""
    apps.get_model('qbo_sync', 'Run').objects.filter(finished_at__isnull=False).update(told_of=F('finished_at'))


class Migration(migrations.Migration):

    dependencies = [
        ('qbo_sync', '0004_update_and_reverse'),
    ]

    operations = [
        migrations.AddField(
            model_name='connection',
            name='long_run_minutes',
            field=models.PositiveSmallIntegerField(blank=True, default=10, null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='A run is long from so many minutes on'),
        ),
        migrations.AddField(
            model_name='run',
            name='tell_after',
            field=models.DateTimeField(blank=True, help_text='Nobody else tells of its ending before this.', null=True),
        ),
        migrations.AddField(
            model_name='run',
            name='told_of',
            field=models.DateTimeField(blank=True, help_text='The ending that whoever asked was told of, or need not be.', null=True),
        ),
        migrations.RunPython(nothing_old_is_news, migrations.RunPython.noop),
    ]
